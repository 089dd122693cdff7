import type { FakeClickUp } from '../clickup/server.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import type { Arrival } from '../start/subscriber.ts'
import type { LocalSystem } from '../start/system.ts'
import { type Findings, noFindings, together } from './findings.ts'
import { judgeLives, judgeSweptTime } from './judge-lives.ts'
import { judgePlaces } from './judge-places.ts'
import { judgeMembers, judgeSnapshots, judgeTime } from './judge-state.ts'
import { judgeTask } from './judge-task.ts'
import { happened, judgeDeliveries, recorded } from './judge-transitions.ts'
import { readStored, type Stored } from './stored.ts'
import type { Chapters } from './story.ts'
import { valueAt, type Witness } from './witness.ts'

export type Compared = Findings & {
  lost: number
  suspended: number
  /** Delivered after the sweep that found it, or that might have. */
  late: number
  /** Changes that a sweep has found, those included that a late delivery has completed. */
  repaired: number
  completed: number
}

const LOST = new Set(['lost', 'dropped', 'unheard'])

/** Compares all that Hookline knows with all that happened. */
export async function compare(
  given: { system: LocalSystem; clickup: FakeClickUp; witness: Witness; chapters: Chapters; userId: number },
  arrivals: readonly Arrival[],
): Promise<Compared> {
  const { system, clickup, witness, chapters, userId } = given
  const stored = await readStored(system)
  const truth = clickup.log.changes()
  const sees = seesOf(clickup, userId)
  const { findings, accounted, swept, completed } = judgeDeliveries(truth, stored.ledger)
  const ofTask = Map.groupBy(
    stored.ledger.filter(({ resource }) => resource.kind === 'task'),
    ({ resource }) => resource.id,
  )
  const taskIds = witness.resources().flatMap((key) => (key.startsWith('task#') ? [key.slice('task#'.length)] : []))
  const living = (id: string) => clickup.world.task(id) !== undefined && sees(id)
  const born = taskIds.filter((id) => living(id) && witness.bornAt(`task#${id}`) !== undefined)
  const lost = truth.filter((change) => LOST.has(fateOf(change)))
  const told = lost.filter(({ kind }) => kind !== 'silent')
  const all = [
    findings,
    judgeSnapshots(stored, clickup, sees),
    judgeMembers(stored, clickup),
    judgeTime(stored, clickup, sees),
    judgePlaces(stored, clickup, witness, userId),
    ...taskIds.map((id) =>
      judgeTask({
        id,
        moments: witness.momentsOf(`task#${id}`),
        changes: ofTask.get(id) ?? [],
        accounted,
        begunAt: witness.bornAt(`task#${id}`) === undefined ? 0 : (stored.known.get(`task#${id}`)?.begunAt ?? 0),
        isThere: living(id),
      }),
    ),
    judgeLives({ truth, ledger: stored.ledger, born, isHidden: ({ resource }) => !sees(resource.id) }),
    judgeSweptTime(
      swept,
      truth.filter((change) => !accounted.has(change)),
    ),
    judgeAfterGuard(truth, chapters, (change) =>
      wasSeen(change, witness, (listId) => seesList(clickup, userId, listId)),
    ),
    judgeBus(stored, arrivals),
  ]
  return {
    ...together(all),
    lost: told.length,
    suspended: told.filter(({ seq }) => seq >= chapters.suspendedFrom && seq < chapters.suspendedTo).length,
    late: truth.filter((change) => fateOf(change) === 'delivered' && change.deliveries.some(({ lateMs }) => lateMs))
      .length,
    repaired: swept.length + completed,
    completed,
  }
}

const seesOf =
  (clickup: FakeClickUp, userId: number) =>
  (taskId: string): boolean =>
    seesList(clickup, userId, clickup.world.store.tasks.get(taskId)?.listId ?? '')

function seesList({ world }: FakeClickUp, userId: number, listId: string): boolean {
  const folder = world.store.folders.get(world.store.lists.get(listId)?.folderId ?? '')
  const space = world.store.spaces.get(folder?.spaceId ?? '')
  return space !== undefined && world.isMember(space, userId)
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

/** Nothing crashes here, so that every change is published once. */
function judgeBus({ ledger, unfinished }: Stored, arrivals: readonly Arrival[]): Findings {
  const findings = noFindings()
  const byId = Map.groupBy(arrivals, ({ event }) => event.changeId)
  for (const change of ledger) {
    findings.compared += 1
    const count = byId.get(change.id)?.length ?? 0
    byId.delete(change.id)
    if (count === 0) findings.missing.push(`not published: ${recorded(change)}`)
    if (count > 1) findings.extra.push(`published ${count} times: ${recorded(change)}`)
  }
  for (const [id, [arrival]] of byId)
    findings.extra.push(`published and not in the ledger: ${arrival?.detailType} ${id}`)
  if (unfinished > 0) findings.missing.push(`${unfinished} items of the ledger are unfinished`)
  return findings
}
