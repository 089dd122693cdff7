import type { Recorded } from '../../core/ledger/history.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import type { Arrival } from '../start/subscriber.ts'
import type { LocalSystem } from '../start/system.ts'
import { type Findings, noFindings, together } from './findings.ts'
import { judgeLives, judgeSweptTime } from './judge-lives.ts'
import { judgePlaces } from './judge-places.ts'
import { judgeMembers, judgeSnapshots, judgeTime } from './judge-state.ts'
import { judgeTask } from './judge-task.ts'
import { judgeDeliveries, recorded } from './judge-transitions.ts'
import { readStored, type Stored } from './stored.ts'
import type { Watched, Witness } from './witness.ts'

export type Comparison = Findings & {
  /** Changes that ClickUp had to tell and that no delivery has brought. */
  lost: readonly TruthChange[]
  /** What a sweep has found and no delivery has told of since. */
  swept: readonly Recorded[]
  /** Found by a sweep, and completed by a late delivery. */
  completed: number
}

const LOST = new Set(['lost', 'dropped', 'unheard'])

/**
 * Compares all that Hookline knows with all that happened.
 *
 * @param userId of our token: what it does not see cannot be known
 */
export async function compare(
  given: { system: LocalSystem; clickup: FakeClickUp; witness: Witness; userId: number },
  arrivals: readonly Arrival[],
): Promise<Comparison> {
  const stored = await readStored(given.system)
  const published = arrivals.map(({ event: { changeId }, detailType }) => ({ changeId, detailType }))
  // Nothing crashes here, so that every change is published once.
  return compareStored({ ...given, stored, published, crashes: false })
}

/** What is not to be had from what ClickUp tells and shows. */
export type Unknowable = {
  /** A deletion that nobody could find. */
  isHidden(deletion: TruthChange): boolean
  /** A deletion that nobody could tell from the one before it, even if it was delivered. */
  isRepetition(deletion: TruthChange): boolean
}
const ALL_KNOWABLE: Unknowable = { isHidden: () => false, isRepetition: () => false }

type Published = { changeId: string; detailType: string }

/**
 * @param given `crashes`: whether something may be published again, always under the same id; `unknowable`: of which deletions nobody
 *   could know, beside those of what our token does not see; none by default
 */
export function compareStored(given: {
  stored: Stored
  clickup: Watched
  witness: Witness
  userId: number
  published: readonly Published[]
  crashes: boolean
  unknowable?: Unknowable
}): Comparison {
  const { stored, clickup, witness, userId, published, crashes, unknowable = ALL_KNOWABLE } = given
  const truth = clickup.log.changes()
  const sees = (taskId: string) => seesList(clickup, userId, clickup.world.store.tasks.get(taskId)?.listId ?? '')
  const { findings, accounted, swept, completed } = judgeDeliveries(truth, stored.ledger, unknowable.isRepetition)
  const ofTask = Map.groupBy(
    stored.ledger.filter(({ resource }) => resource.kind === 'task'),
    ({ resource }) => resource.id,
  )
  const taskIds = witness.resources().flatMap((key) => (key.startsWith('task#') ? [key.slice('task#'.length)] : []))
  const living = (id: string) => clickup.world.task(id) !== undefined && sees(id)
  const born = taskIds.filter((id) => living(id) && witness.bornAt(`task#${id}`) !== undefined)
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
    judgeLives({
      truth,
      ledger: stored.ledger,
      born,
      isHidden: (deletion) =>
        !sees(deletion.resource.id) || unknowable.isHidden(deletion) || unknowable.isRepetition(deletion),
    }),
    judgeSweptTime(
      swept,
      truth.filter((change) => !accounted.has(change)),
    ),
    judgeBus(stored, published, crashes),
  ]
  const lost = truth.filter((change) => LOST.has(fateOf(change)))
  return { ...together(all), lost, swept, completed }
}

/** Whether a user sees what is in a list. */
export function seesList({ world }: Pick<Watched, 'world'>, userId: number, listId: string): boolean {
  const folder = world.store.folders.get(world.store.lists.get(listId)?.folderId ?? '')
  const space = world.store.spaces.get(folder?.spaceId ?? '')
  return space !== undefined && world.isMember(space, userId)
}

function judgeBus({ ledger, unfinished }: Stored, published: readonly Published[], crashes: boolean): Findings {
  const findings = noFindings()
  const byId = Map.groupBy(published, ({ changeId }) => changeId)
  for (const change of ledger) {
    findings.compared += 1
    const count = byId.get(change.id)?.length ?? 0
    byId.delete(change.id)
    if (count === 0) findings.missing.push(`not published: ${recorded(change)}`)
    if (count > 1 && !crashes) findings.extra.push(`published ${count} times: ${recorded(change)}`)
  }
  for (const [id, [event]] of byId) findings.extra.push(`published and not in the ledger: ${event?.detailType} ${id}`)
  if (unfinished > 0) findings.missing.push(`${unfinished} items of the ledger are unfinished`)
  return findings
}
