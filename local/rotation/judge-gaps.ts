import type { Gap } from '../../core/sync/gaps.ts'
import { happened } from '../check/judge-transitions.ts'
import type { LogEntry } from '../clickup/log-entry.ts'
import type { TruthChange } from '../clickup/truth.ts'

/** Something that nobody was told of, and when it became so. */
export type Loss = { change: TruthChange; at: number }

/**
 * When changes were lost: when they happened, where no webhook was to hear of them, or when ClickUp dropped what it had on its
 * way for a webhook that was deleted. The date of a change does not tell: an edited comment has that of the posted one.
 */
export function lossesOf(lost: readonly TruthChange[], entries: readonly LogEntry[]): Loss[] {
  const droppedAt = new Map<string, number>()
  const happenedAt = new Map<number, number>()
  for (const entry of entries) {
    if (entry.kind === 'dropped' && entry.reason === 'deleted') droppedAt.set(entry.deliveryId, entry.at)
    if (entry.kind === 'mutation') for (const { seq } of entry.changes) happenedAt.set(seq, entry.at)
  }
  return lost.flatMap((change) => {
    if (change.kind === 'silent') return []
    const dropped = change.deliveries.flatMap(({ deliveryId }) => droppedAt.get(deliveryId) ?? [])
    return [{ change, at: Math.max(happenedAt.get(change.seq) ?? change.date, ...dropped) }]
  })
}

/** What is told is put on its way some time after it has happened, and what has been is dropped some time after its webhook. */
const TOLERANCE_MS = 250

/**
 * What nobody was told of lies in a gap that is shown: one for each rotation whose webhook gave way first, ended and swept.
 * Nothing else was wrong with the webhooks.
 */
export function judgeGaps(losses: readonly Loss[], gaps: readonly Gap[], expected: number): string[] {
  const ofRotations = gaps.filter(({ cause }) => cause === 'rotation')
  const faults = gaps
    .filter(({ cause }) => cause !== 'rotation')
    .map(({ cause, from, to, detail }) => `the gap ${cause} ${from}–${to ?? 'now'}: ${detail}`)
  if (ofRotations.length !== expected)
    faults.push(`${ofRotations.length} gaps of rotations are shown, and there were ${expected}`)
  for (const { from, to, sweptAt } of ofRotations) {
    if (to === null) faults.push(`the gap that began at ${from} has not ended`)
    else if (sweptAt === null) faults.push(`the gap ${from}–${to} has not been swept`)
  }
  for (const { change, at } of losses) {
    const isShown = ofRotations.some(
      ({ from, to }) => at >= from - TOLERANCE_MS && at <= (to ?? Number.POSITIVE_INFINITY) + TOLERANCE_MS,
    )
    if (!isShown) faults.push(`in no gap that is shown: ${happened(change)}`)
  }
  return faults
}
