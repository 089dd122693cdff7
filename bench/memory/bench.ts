import type { Bench, Figure } from '../figure.ts'
import { emptyHandlerBytes } from './empty.ts'
import { storm } from './storm.ts'

const AIM_MB = 200
const MB = 1_048_576
const TASKS = { whole: 2_000, quick: 200 } as const

/** The most memory that a process of the consumer takes in a bulk edit, in the local stack: the deployed bundle under its deployed limit. */
export const memory: Bench = {
  name: 'memory',
  title: 'peak memory of the consumer in a bulk edit of 10,000 deliveries, the deployed bundle in processes of its own',
  breaks: ['hoard'],
  async run({ seed, broken, quick, note }) {
    const empty = await emptyHandlerBytes()
    const tasks = quick ? TASKS.quick : TASKS.whole
    const { peaks, deliveries, published, memoryMb } = await storm({ seed, tasks, hoards: broken === 'hoard', note })
    const most = Math.max(...peaks) / MB
    const plain = { beside: null, aim: null } as const
    const figures: Figure[] = [
      {
        figure: `peak memory of the consumer, deployed with ${memoryMb} MB`,
        ours: most,
        unit: 'MB',
        beside: { what: 'empty handler', value: empty / MB },
        aim: { text: `≤ ${AIM_MB} MB`, holds: most <= AIM_MB, decides: true },
      },
      { figure: 'processes of the consumer', ours: peaks.length, unit: '', ...plain },
      { figure: 'deliveries', ours: deliveries, unit: '', ...plain },
      { figure: 'changes published', ours: published, unit: '', ...plain },
    ]
    return figures
  },
}
