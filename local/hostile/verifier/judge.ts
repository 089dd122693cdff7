import * as z from 'zod'
import { METRICS } from '../../../core/platform/metrics.ts'
import type { Expected, Request } from './case.ts'
import type { Knocked, Queued } from './door.ts'

/** What each ending looks like from outside: the one answer, and what is counted. Written down here anew, so that a slip there shows. */
const ENDINGS: Record<Expected, { status: number; body: string; counts: readonly Record<string, number>[] }> = {
  accepted: { status: 200, body: '{"status":"accepted"}', counts: [{ DeliveriesAccepted: 1 }] },
  filtered: { status: 200, body: '{"status":"filtered"}', counts: [{ DeliveriesFiltered: 1 }] },
  tested: { status: 200, body: '{"status":"tested"}', counts: [{}] },
  refused: {
    status: 403,
    body: '{"error":"refused"}',
    counts: [{ DeliveriesRefused: 1 }, { DeliveriesRefused: 1, RefusedSignature: 1 }],
  },
  tooLarge: { status: 413, body: '{"error":"too large"}', counts: [{ DeliveriesRefused: 1 }] },
}

/** One decision and one line of metrics; neither grows with what came. */
const MOST_LINES = 2
const MOST_LINE_BYTES = 2_048
const MAX_MESSAGE_BYTES = 1_048_576

/** What of the promise a request broke, and how it ended. */
export function judge({ expected, bytes, planted }: Request, knocked: Knocked): { ending: string; faults: string[] } {
  const { ended } = knocked
  if (ended.kind === 'threw') return { ending: 'threw', faults: [`the function threw ${named(ended.error)}`] }
  const ending = expected.find((each) => ENDINGS[each].status === ended.status && ENDINGS[each].body === ended.body)
  if (ending === undefined)
    return {
      ending: `${ended.status}`,
      faults: [`${expected.join(' or ')} was due, not ${ended.status} ${ended.body.slice(0, 80)}`],
    }
  return {
    ending,
    faults: [
      ...judgeLines(knocked.lines, planted),
      ...judgeCounts(knocked.lines, ENDINGS[ending].counts),
      ...judgeQueued(knocked.queued, ending, bytes),
      ...(knocked.parsed > 0 && (ending === 'refused' || ending === 'tooLarge')
        ? ['the body was parsed although nobody had signed it']
        : []),
    ],
  }
}

const named = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message.slice(0, 120)}` : 'something'

function judgeLines(lines: readonly string[], planted: readonly string[]): string[] {
  const longest = Math.max(0, ...lines.map((line) => Buffer.byteLength(line)))
  return [
    ...(lines.length > MOST_LINES ? [`${lines.length} lines were written`] : []),
    ...(longest > MOST_LINE_BYTES ? [`a line of ${longest} bytes was written`] : []),
    ...planted
      .filter((text) => lines.some((line) => line.includes(text)))
      .map((text) => `a line says what it must not: ${text.slice(0, 8)}…`),
  ]
}

const emfSchema = z.looseObject({ _aws: z.looseObject({}) })
const decisionSchema = z.looseObject({ message: z.literal('delivery') })

function judgeCounts(lines: readonly string[], due: readonly Record<string, number>[]): string[] {
  const parsed = lines.map((line): unknown => {
    try {
      return JSON.parse(line)
    } catch {
      return line
    }
  })
  const counts = new Map<string, number>()
  for (const line of parsed) {
    const emf = emfSchema.safeParse(line)
    if (!emf.success) continue
    for (const [name, value] of Object.entries(emf.data))
      if (isCount(name) && typeof value === 'number') counts.set(name, (counts.get(name) ?? 0) + value)
  }
  const found = JSON.stringify(Object.fromEntries([...counts].sort()))
  const decisions = parsed.filter((line) => decisionSchema.safeParse(line).success).length
  return [
    ...(due.some((each) => JSON.stringify(each) === found) ? [] : [`what was counted is ${found}`]),
    ...(decisions === 1 ? [] : [`there are ${decisions} lines that say what was decided`]),
  ]
}

const COUNTS = new Set(Object.entries(METRICS).flatMap(([name, unit]) => (unit === 'Count' ? [name] : [])))
const isCount = (name: string) => COUNTS.has(name)

function judgeQueued(queued: readonly Queued[], ending: Expected, bytes: Buffer | undefined): string[] {
  if (ending !== 'accepted') return queued.length === 0 ? [] : [`${queued.length} messages are on the queue`]
  const [message] = queued
  if (message === undefined || queued.length > 1) return [`${queued.length} messages are on the queue, not one`]
  const size = Buffer.byteLength(message.body) + Buffer.byteLength(JSON.stringify(message.attributes))
  if (size > MAX_MESSAGE_BYTES) return [`a message of ${size} bytes is on the queue`]
  return contentFaults(message, bytes)
}

/** Exactly the bytes, as text or in base64; only what no message can hold may come in its slim form, which says so. */
function contentFaults({ body, attributes }: Queued, bytes: Buffer | undefined): string[] {
  if (bytes === undefined) return ['it was accepted, and nothing was signed']
  const { encoding = 'none' } = attributes
  switch (encoding) {
    case 'text':
      return Buffer.from(body).equals(bytes) ? [] : ['the text on the queue is not what was sent']
    case 'base64':
      return Buffer.from(body, 'base64').equals(bytes) ? [] : ['the bytes on the queue are not what was sent']
    case 'slim':
      return bytes.length * (4 / 3) < MAX_MESSAGE_BYTES - 20_000
        ? [`${bytes.length} bytes are on the queue in their slim form, for which a message has room`]
        : []
    default:
      return [`the encoding on the queue is ${encoding}`]
  }
}
