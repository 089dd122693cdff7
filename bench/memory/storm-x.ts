import { createRandom } from '../../local/clickup/random.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { depthOf, subscribe } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { createEditor } from '../../local/virtual/edits.ts'
import { peakOf } from './peak.ts'

export type Stormed = {
  /** The most memory that each process of the consumer has had, in bytes. */
  peaks: number[]
  deliveries: number
  published: number
  /** As the template deploys it; the process has so much heap at the most. */
  memoryMb: number
}

const WITHIN_MS = 30 * 60_000
const LOOK_EVERY_MS = 1_000
/** Whoever keeps so much more than the deployed code does. */
const HOARD = 'data:text/javascript,globalThis.hoard=Buffer.alloc(150*2**20,1)'
const TWINS = 2

type Options = { seed: number; tasks: number; hoards: boolean; note(line: string): void }

/**
 * A bulk edit in the local stack: half of the tasks are changed by people here and there, the other half at a stroke, five changes for
 * two tasks, each with its twin, 5 % of the deliveries doubled. Ends when the queue is empty and everything is published.
 */
export async function storm({ seed, tasks, hoards, note }: Options): Promise<Stormed> {
  const system = await startLocal({
    ...{ seed, onStep: note, faults: { duplicates: 0.05 } },
    ...(process.env.H_OPTS ? { outside: { NODE_OPTIONS: process.env.H_OPTS } } : {}),
    ...(hoards ? { outside: { NODE_OPTIONS: `--import ${HOARD}` } } : {}),
  })
  try {
    return await play(system, { seed, tasks, note })
  } finally {
    await system.close()
  }
}

async function play(system: LocalSystem, { seed, tasks, note }: Omit<Options, 'hoards'>): Promise<Stormed> {
  const { clickup, clients, details, stack } = system
  if (clickup === null) throw new Error('The storm is the fake ClickUp’s')
  const consumer = stack.functions.find(({ name }) => name.endsWith('-consumer'))
  if (consumer === undefined) throw new Error('The template has no consumer')
  const subscriber = await subscribe(clients, { name: 'hookline-memory', busName: details.busName })
  const peaks = new Map<number, number>()
  const look = () => {
    for (const { pid } of consumer.processes()) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid) ?? 0))
  }
  const watch = setInterval(look, LOOK_EVERY_MS)
  const isEmpty = async () =>
    clickup.undelivered() === 0 && (await depthOf(clients.sqs, details.queues.deliveries)) === 0 ? true : undefined
  const drained = () => until(isEmpty, { what: 'the queue to be empty', deadlineMs: WITHIN_MS, everyMs: LOOK_EVERY_MS })
  try {
    const random = createRandom(seed).fork('memory')
    const { world } = clickup
    const [somebody] = world.users().filter(({ bot }) => !bot)
    const lists = world.lists().filter(({ archived }) => !archived)
    if (somebody === undefined) throw new Error('The workspace has no people')
    note(`${tasks} tasks are made`)
    const ids = Array.from(
      { length: tasks },
      (_, i) => world.createTask(inApp(somebody.id), { listId: random.pick(lists).id, name: `Task ${i}` }).id,
    )
    await clickup.idle()
    await drained()
    const before = { arrivals: subscriber.arrivals().length, next: clickup.log.next() }

    note('a bulk edit')
    const editor = createEditor(world, random)
    const half = tasks / 2
    for (let change = 0; change < half * 2.6; change += 1) editor.edit(ids[change % half] ?? '')
    for (const kind of ['status', 'priority'] as const) for (const id of ids.slice(half)) editor.edit(id, kind)
    for (const id of ids.slice(half, half + half * 0.38)) editor.edit(id, 'assign')
    await clickup.idle()
    note('what was queued is worked off')
    await drained()
    await until(async () => ((await subscriber.backlog()) === 0 ? true : undefined), {
      ...{ what: 'everything to be published', deadlineMs: WITHIN_MS },
    })
    look()
    const deliveries = clickup.log.entries(before.next).filter(({ kind }) => kind === 'delivery').length
    const published = new Set(
      subscriber
        .arrivals()
        .slice(before.arrivals)
        .map(({ event }) => event.changeId),
    ).size
    if (published * TWINS < deliveries * 0.8)
      throw new Error(`Only ${published} changes of ${deliveries} deliveries were published: nothing was measured.`)
    const memoryMb = Number(consumer.environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'])
    return { peaks: [...peaks.values()].filter((bytes) => bytes > 0), deliveries, published, memoryMb }
  } finally {
    clearInterval(watch)
    await subscriber.close()
  }
}
