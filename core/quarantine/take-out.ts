import type { Pace } from '../platform/pace.ts'
import type { Quarantined } from './quarantined.ts'
import { type QuarantineQueues, viewQuarantine } from './queue.ts'

/** Does with messages what lets them go from the quarantine; answers `null` for each that may go, else why not. */
export type Act = (messages: readonly Quarantined[]) => Promise<(string | null)[]>

export type TakenOut = {
  /** Dealt with and out of the quarantine. */
  taken: number
  /** Dealt with and, because deleting failed, still there as well: to do it again does no harm. */
  stayed: number
  refused: { id: string; reason: string }[]
  /** Not seen any more: gone, or somebody else is looking at them. */
  missed: number
}

/** So often nothing at all may come before the rest counts as missed. */
const EMPTY_ANSWERS = 3
/**
 * And so often nothing but what is known and not wanted, more often the more there is of that: SQS gives out what it likes, and
 * what was held shows again after two minutes, which a slow pace outlasts.
 */
const vainAnswers = (passed: number) => 10 + passed / 5

/**
 * Takes messages out of the quarantine, each only after it was dealt with: a crash in between leaves the message where it was
 * and what was done with it done. Only these ids: what comes into the quarantine meanwhile, and so a message that fails again
 * at once, is left for the next time.
 *
 * @param onProgress told after each batch how many were dealt with
 */
export async function takeOut(
  queues: QuarantineQueues,
  ids: readonly string[],
  { act, pace, onProgress }: { act: Act; pace: Pace; onProgress?: (dealtWith: number) => void },
): Promise<TakenOut> {
  const result: TakenOut = { taken: 0, stayed: 0, refused: [], missed: 0 }
  const left = new Set(ids)
  const passed = new Set<string>()
  const view = await viewQuarantine(queues)
  try {
    let [empty, vain] = [0, 0]
    while (left.size > 0 && empty < EMPTY_ANSWERS && vain <= vainAnswers(passed.size)) {
      // Before they are taken: what waits here is held by nobody.
      await pace.ready()
      const page = await view.next(pace.most)
      const its = page.filter(({ id }) => left.has(id))
      const isNews = page.some(({ id }) => left.has(id) || !passed.has(id))
      empty = page.length === 0 ? empty + 1 : 0
      vain = isNews ? 0 : vain + 1
      for (const { id } of page) passed.add(id)
      if (its.length === 0) continue
      const answers = await act(its)
      pace.took(its.length)
      const mayGo = its.filter((_, i) => answers[i] === null)
      for (const [i, { id }] of its.entries()) {
        left.delete(id)
        const reason = answers[i]
        if (reason !== null) result.refused.push({ id, reason: reason ?? 'no answer' })
      }
      const out = await view.remove(mayGo)
      result.taken += out.size
      result.stayed += mayGo.length - out.size
      onProgress?.(result.taken + result.stayed + result.refused.length)
    }
  } finally {
    await view.giveBack()
  }
  return { ...result, missed: left.size }
}
