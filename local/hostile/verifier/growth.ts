import { createFindings, type Found } from '../found.ts'
import { forged, genuine, type Request } from './case.ts'
import type { Door } from './door.ts'

const TIMES = 4
/** Four times the bytes take four times as long; what takes sixteen times as long for them is square. */
const MOST = 10

type Growing = {
  /** Of the smaller ones; the larger ones have four times as many. */
  bytes: number
  /** Of each, of which the quickest counts. */
  repeats: number
  kinds: readonly string[]
}
/** Where a way is square, so few are enough to see it. */
export const QUICK: Growing = { bytes: 40_000, repeats: 3, kinds: ['a long text'] }

/** Bodies that may be made as large as one likes, each to make something slow. */
const BODIES: Record<string, (bytes: number) => string> = {
  'no JSON': (bytes) => 'x'.repeat(bytes),
  'a long text': (bytes) => `{"event":"taskUpdated","x":"${'x'.repeat(bytes)}"}`,
  escapes: (bytes) => `{"event":"taskUpdated","x":"${'\\u0041'.repeat(bytes / 6)}"}`,
  'arrays in each other': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  keys: (bytes) => `{"event":"x",${Array.from({ length: bytes / 12 }, (_, i) => `"${String(i).padStart(7, '0')}":0`)}}`,
  'the same key': (bytes) => `{"event":"x",${'"kkkkkkk":0,'.repeat(bytes / 12)}"k":0}`,
  ids: (bytes) =>
    `{"event":"x",${Array.from({ length: bytes / 12 }, (_, i) => `"${String(i).padStart(4, '0')}_id":0`)}}`,
  items: (bytes) => `{"event":"x","history_items":[${'{"id":"1"},'.repeat(bytes / 11)}{}]}`,
  'comments with deep parts': (bytes) =>
    `{"event":"x","history_items":[{"field":"comment","comment":{"comment":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}}]}`,
}

const THOROUGH: Growing = { bytes: 1_200_000, repeats: 3, kinds: Object.keys(BODIES) }

/**
 * Whether the time of the processor grows with the bytes and no faster, for what is signed and for what is not. A ratio of two
 * medians within one process, so that it is the same on any machine; what is square shows as sixteen.
 */
export async function tryGrowth(door: Door, { bytes, repeats, kinds }: Growing = THOROUGH): Promise<Found> {
  const findings = createFindings()
  for (const [kind, body] of Object.entries(BODIES).filter(([each]) => kinds.includes(each)))
    for (const [how, made] of Object.entries({ signed: genuine, forged })) {
      const ratio = await growthOf(door, { small: made(body(bytes)), large: made(body(bytes * TIMES)) }, repeats)
      const faults = ratio > MOST ? [`${TIMES} times the bytes take ${ratio.toFixed(1)} times as long`] : []
      findings.add(`growth: ${kind}, ${how}`, 'grew', faults)
    }
  return findings.found()
}

/** What seems square is measured again: on a machine with other work caches and collecting take their time, and what is square stays so. */
async function growthOf(door: Door, { small, large }: { small: Request; large: Request }, repeats: number) {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < ATTEMPTS && least > MOST; attempt += 1) {
    const short = await quickest(door, small, repeats)
    const long = await quickest(door, large, repeats)
    least = Math.min(least, long / Math.max(short, 1))
  }
  return least
}
const ATTEMPTS = 5

/** Of some tries: whatever else the machine does only ever adds to it. Microseconds of the processor. */
async function quickest(door: Door, { event }: Request, repeats: number): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < repeats; i += 1) {
    const before = process.cpuUsage()
    await door.knock(event)
    const { user, system } = process.cpuUsage(before)
    times.push(user + system)
  }
  return Math.min(...times)
}
