import type { Unknowable } from '../check/compare.ts'
import type { Stored } from '../check/stored.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import { isOurs } from './judge-calls.ts'
import type { Scene } from './scene.ts'

/** Sweeps leave to deliveries what is younger, so a task of which nothing was delivered is seen by no listing before. */
const YOUNG_MS = 10 * 60_000

/**
 * Of which deletions nobody could know, as ClickUp tells them without a number and restorals not at all: who looks for absent tasks
 * finds one that came back, and who hears of two deletions cannot tell the second from a repetition of the first.
 */
export function unknowableIn({ machine, witness }: Pick<Scene, 'machine' | 'witness'>, stored: Stored): Unknowable {
  const { clickup } = machine
  const truth = clickup.log.changes()
  const ofTask = Map.groupBy(truth, ({ resource }) => resource.id)
  const answered = clickup.calls.filter((call) => call.status === 200 && isOurs(call))
  const restorals = ({ resource: { id } }: TruthChange) =>
    (ofTask.get(id) ?? []).filter(({ field }) => field === 'restored').map(({ date }) => date)
  const within = (from: number, to: number) =>
    answered.filter(({ begunAt, endedAt }) => begunAt >= from && (endedAt ?? to) <= to)
  const wasRead = (id: string, from: number, to: number) =>
    within(from, to).some(({ kind, path }) => kind === 'task' && path.includes(id))
  const wasListed = (from: number, to: number) => within(from, to).some(({ kind }) => kind === 'page')

  return {
    isHidden(deletion) {
      const { id } = deletion.resource
      if (restorals(deletion).some((date) => date >= deletion.date)) return true
      const bornAt = witness.bornAt(`task#${id}`)
      if (bornAt === undefined || stored.known.has(`task#${id}`)) return false
      const wasTold = (ofTask.get(id) ?? []).some((change) => fateOf(change) === 'delivered')
      return !wasTold && !wasListed(bornAt + YOUNG_MS, deletion.date)
    },
    isRepetition(deletion) {
      const back = restorals(deletion).findLast((date) => date <= deletion.date)
      return back !== undefined && !wasRead(deletion.resource.id, back, deletion.date)
    },
  }
}
