import type { Bench, Figure } from '../figure.ts'
import { createMeter } from '../write-units/meter.ts'
import { createRig } from './rig.ts'
import { type Measured, worked } from './worked.ts'

const SEQUENCES = [10, 100, 1_000, 10_000] as const
const KEEPING = [6_000, 15_000] as const
const METERED_MESSAGES = 2_000
/** For 9,000 messages: 56 bytes for each of them, above what compiled code takes meanwhile; a single kept item is ten times that. */
const MOST_KEPT_BYTES = 500_000

/** How much a processor and a write unit work off, and whether ten thousand messages take ten times what a thousand do. */
export const consumer: Bench = {
  name: 'consumer',
  title: 'changes worked off by the consumer, and how time and memory grow with their number',
  breaks: ['hoard'],
  async run({ broken, quick, note }) {
    note('a process of its own works off 10 to 10,000 messages')
    const measured = await worked({ sequences: SEQUENCES, rounds: quick ? 3 : 7, keeping: KEEPING, broken })
    note('what they cost the tables')
    return [...timesOf(measured), keptOf(measured), await perUnit()]
  },
}

function timesOf({ sequences }: Measured): Figure[] {
  const each = (messages: number) =>
    sequences.find((sequence) => sequence.messages === messages)?.microsecondsEach ?? Number.NaN
  // A shorter sequence is mostly its first batch, and beside that anything looks even.
  const [many, some] = [each(10_000), each(1_000)]
  const plain = { beside: null, aim: null } as const
  return [
    // Twins come side by side, so a change is two messages.
    { figure: 'changes a second of a processor', ours: 1e6 / (2 * many), unit: '/s', ...plain },
    ...SEQUENCES.slice(0, -1).map((messages) => ({
      figure: `processor time for a message, of ${messages.toLocaleString('en-US')}`,
      ours: each(messages),
      unit: 'µs' as const,
      ...plain,
    })),
    {
      figure: 'processor time for a message, of 10,000',
      ours: many,
      unit: 'µs',
      beside: { what: 'of 1,000', value: some },
      aim: { text: '≤ 1.3 ×', holds: many <= 1.3 * some, decides: false },
    },
  ]
}

function keptOf({ kept }: Measured): Figure {
  const [before = 0, after = Number.NaN] = kept.map(({ bytes }) => bytes)
  const more = after - before
  return {
    figure: 'heap that 9,000 messages more leave behind',
    ours: more / 1_000,
    unit: 'KB',
    beside: null,
    aim: { text: `≤ ${MOST_KEPT_BYTES / 1_000} KB`, holds: more <= MOST_KEPT_BYTES, decides: true },
  }
}

/** Of tasks that are known already, each change read by itself. */
async function perUnit(): Promise<Figure> {
  const meter = createMeter()
  const rig = createRig({ tasks: METERED_MESSAGES / 8, through: meter.through })
  await rig.work(METERED_MESSAGES / 4)
  const before = rig.published()
  meter.forget()
  await rig.work(METERED_MESSAGES)
  const changes = rig.published() - before
  return { figure: 'changes for a write unit', ours: changes / meter.bill().write, unit: '', beside: null, aim: null }
}
