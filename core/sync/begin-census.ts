import { createHash } from 'node:crypto'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { Filter } from '../platform/connections.ts'
import { isInSelection } from '../process/selection.ts'
import { type ListPlace, loadHierarchy, type SpacePlace } from './hierarchy.ts'
import { begun, type CensusRun } from './run.ts'
import type { SyncServices } from './services.ts'

const HOURS = 24

/** Goes on with the run that was halted, and with no other that has begun since: nobody has looked at what that holds back. */
export const believedCensus = (before: CensusRun | null, run: string): CensusRun | null =>
  before?.phase === 'halted' && before.run === run
    ? { ...before, phase: 'lists', believed: true, endedAt: null, remark: null }
    : null

/** Every list whose turn it is, or every list at all; null where there is none. */
export async function newCensus(before: CensusRun | null, everything: boolean, services: SyncServices) {
  const { clock, connection, state, newRun } = services
  const now = clock.now()
  const hierarchy = await loadHierarchy(state, connection.name)
  const hour = Math.floor(now / 3_600_000) % HOURS
  const record = await services.record()
  const lists = (hierarchy?.spaces ?? [])
    .flatMap((space) => space.lists.filter((list) => isWanted(space, list, connection.filter, record)))
    .map(({ id }) => id)
    .filter((id) => everything || turnOf(id) === hour)
  if (lists.length === 0) return null
  const run: CensusRun = {
    ...begun(before, newRun(), now),
    ...{ phase: 'lists', lists, page: 0, archived: false, seen: [], asked: null, openTasks: 0, livingTasks: 0 },
    ...{ countedLists: 0, countedTasks: 0, deleted: 0, outOfSight: 0, there: 0, changed: 0, held: [] },
    // A list's difference is news until it is counted again.
    differing: before?.differing.filter(({ listId }) => !lists.includes(listId)) ?? [],
  }
  return run
}

/** Whether tasks of a list are, by where it is. One without a folder lies in a hidden one, which nobody can have chosen. */
const isWanted = ({ id, name }: SpacePlace, list: ListPlace, filter: Filter, record: ConnectionRecord | null) =>
  isInSelection(
    {
      list: { id: list.id, name: list.name },
      locations: [],
      folder: { id: list.folderId ?? '', name: null, hidden: list.folderId === null },
      space: { id, name },
    },
    filter,
    record,
  )

/** The hour of a list: the same every day, and as many lists in one as in another. */
const turnOf = (listId: string): number => createHash('sha256').update(listId).digest().readUInt32BE() % HOURS
