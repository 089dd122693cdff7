import { compare, seesList } from '../check/compare.ts'
import { type Findings, noFindings, together } from '../check/findings.ts'
import { happened } from '../check/judge-transitions.ts'
import { valueAt, type Witness } from '../check/witness.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import type { Arrival } from '../start/subscriber.ts'
import type { LocalSystem } from '../start/system.ts'
import type { Chapters } from './story.ts'

export type Compared = Findings & {
  lost: number
  suspended: number
  /** Delivered after the sweep that found it, or that might have. */
  late: number
  /** Changes that a sweep has found, those included that a late delivery has completed. */
  repaired: number
  completed: number
}

/** Compares all that Hookline knows with all that happened, and what was heard of with what the guard was there for. */
export async function compareStory(
  given: { system: LocalSystem; clickup: FakeClickUp; witness: Witness; chapters: Chapters; userId: number },
  arrivals: readonly Arrival[],
): Promise<Compared> {
  const { clickup, witness, chapters, userId } = given
  const truth = clickup.log.changes()
  const { lost, swept, completed, ...findings } = await compare(given, arrivals)
  const afterGuard = judgeAfterGuard(truth, chapters, (change) =>
    wasSeen(change, witness, (listId) => seesList(clickup, userId, listId)),
  )
  return {
    ...together([findings, afterGuard]),
    lost: lost.length,
    suspended: lost.filter(({ seq }) => seq >= chapters.suspendedFrom && seq < chapters.suspendedTo).length,
    late: truth.filter((change) => fateOf(change) === 'delivered' && change.deliveries.some(({ lateMs }) => lateMs))
      .length,
    repaired: swept.length + completed,
    completed,
  }
}

/** Whether our token saw the task when something happened to it: it may have been moved since, into sight or out of it. */
function wasSeen({ resource, date }: TruthChange, witness: Witness, sees: (listId: string) => boolean): boolean {
  const lists = witness.momentsOf(`task#${resource.id}`).get('list') ?? []
  const around = [valueAt(lists, date - 1), valueAt(lists, date)]
  return around.every((listId) => typeof listId === 'string' && sees(listId))
}

/** What happened after the guard had mended the webhook must have been heard of. */
function judgeAfterGuard(
  truth: readonly TruthChange[],
  { suspendedTo }: Chapters,
  wasSeen: (change: TruthChange) => boolean,
): Findings {
  const findings = noFindings()
  for (const change of truth) {
    if (change.seq < suspendedTo || change.resource.kind !== 'task' || !wasSeen(change)) continue
    findings.compared += 1
    if (fateOf(change) === 'unheard') findings.missing.push(`no webhook listened after the guard: ${happened(change)}`)
  }
  return findings
}
