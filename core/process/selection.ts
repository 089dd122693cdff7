import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { Change } from '../ledger/change.ts'
import type { Filter } from '../platform/connections.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import type { Services } from './services.ts'
import { isOpen, type Work } from './work.ts'

/** How long it is remembered that a list is unwanted: it may be moved, or the selection may change. */
const REMEMBERED_MS = 3_600_000

/**
 * Drops changes of tasks in lists that are remembered as unwanted, before they cost a claim or a call. A delivery names
 * its list and not its space, so that a list lies in a space nobody wants is learnt by reading one of its tasks.
 */
export async function dropUnwanted(works: readonly Work[], services: Services): Promise<void> {
  if (!isSelective(services.connection.filter, await services.record())) return
  const unwanted = await services.unwanted.lists()
  const now = services.clock.now()
  for (const work of works.filter(isOpen)) {
    const { listId } = work.change
    // What a look found was looked at: a task can be wanted for another list that it is in.
    if (work.looked) continue
    if (listId !== null && mayDrop(work.change) && (unwanted.get(listId) ?? 0) > now) drop(work, services)
  }
}

/** Drops changes of tasks that were read and lie in no list or space that is wanted, and remembers the lists. */
export async function dropOutside(works: readonly Work[], services: Services): Promise<void> {
  const { filter } = services.connection
  const record = await services.record()
  if (!isSelective(filter, record)) return
  const lists = new Set<string>()
  for (const work of works.filter(isOpen)) {
    if (work.task === null || !mayDrop(work.change) || isInSelection(work.task, filter, record)) continue
    drop(work, services)
    // Only what a delivery names can be recognised in the next one.
    if (work.task.list?.id === work.change.listId && work.change.listId !== null) lists.add(work.change.listId)
  }
  if (lists.size > 0) await services.unwanted.remember([...lists], services.clock.now() + REMEMBERED_MS)
}

const isSelective = ({ lists, spaces }: Filter, record: ConnectionRecord | null): boolean =>
  lists !== undefined || spaces !== undefined || record?.selection !== undefined

/** Whether a task lies where somebody wants to hear of it: by the config's filter, and by what was chosen at connecting. */
export function isInSelection(
  { list, locations, folder, space }: Pick<Snapshot, 'list' | 'locations' | 'folder' | 'space'>,
  { lists, spaces }: Filter,
  record: ConnectionRecord | null,
): boolean {
  const { spaces: chosenSpaces, folders: chosenFolders } = record?.selection ?? {}
  const inSpace = (ids: readonly string[] | undefined) => ids === undefined || space === null || ids.includes(space.id)
  const inFolder = chosenFolders === undefined || folder === null || chosenFolders.includes(folder.id)
  // A task can be in further lists than its own.
  const inList =
    lists === undefined || list === null || lists.includes(list.id) || locations.some(({ id }) => lists.includes(id))
  // A folder is chosen beside whole spaces: either makes a task wanted.
  const isChosen =
    chosenFolders === undefined
      ? inSpace(chosenSpaces)
      : inFolder || (chosenSpaces !== undefined && inSpace(chosenSpaces))
  return inSpace(spaces) && inList && isChosen
}

/** A move is how a task leaves the selection or comes into it, and a deletion how it ends: both always pass. */
export const mayDrop = ({ field }: Change): boolean =>
  field !== 'deletion' && field !== 'section_moved' && field !== 'list'

function drop(work: Work, { metrics }: Services): void {
  work.outcome = { kind: 'dropped' }
  metrics.count('ChangesDropped')
}
