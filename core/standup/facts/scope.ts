import type { Hierarchy } from '../../sync/hierarchy.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import type { Scope } from '../material.ts'
import { nameText } from './name-text.ts'

type Placed = Pick<Snapshot, 'list' | 'locations' | 'space'>

/** What a summary is about, asked of single tasks and places. */
export type ScopeTest = {
  /** The whole connection. */
  isAll: boolean
  /** A task counts when it lives in a list, was added to it, or is in a space. */
  has(task: Placed): boolean
  /** A place by its ids, as a change names it. The space of a list is looked up where it is not told. */
  hasPlace(listId: string | null, spaceId: string | null): boolean
  /** The name of a list, where it is known. */
  nameOfList(id: string): string | null
}

export function scopeTest(scope: Scope, hierarchy: Hierarchy | null): ScopeTest {
  const [lists, spaces] = [new Set(scope.lists), new Set(scope.spaces)]
  const isAll = lists.size === 0 && spaces.size === 0
  const known = new Map(
    (hierarchy?.spaces ?? []).flatMap((space) =>
      space.lists.map((list) => [list.id, { name: list.name, spaceId: space.id }] as const),
    ),
  )
  const hasPlace: ScopeTest['hasPlace'] = (listId, spaceId) => {
    const space = spaceId ?? (listId === null ? null : (known.get(listId)?.spaceId ?? null))
    return isAll || (listId !== null && lists.has(listId)) || (space !== null && spaces.has(space))
  }
  return {
    isAll,
    hasPlace,
    has: ({ list, locations, space }) =>
      hasPlace(list?.id ?? null, space?.id ?? null) || locations.some(({ id }) => lists.has(id)),
    nameOfList: (id) => known.get(id)?.name ?? null,
  }
}

/** More would be no name for it. */
const MOST_NAMES = 5

/**
 * The scope in words: the names of its spaces and lists, or of the workspace where it is all of it.
 * @param named what the tasks call their lists and spaces, for those that were never listed
 */
export function aboutOf(
  { connection, lists, spaces }: Scope,
  { hierarchy, workspace }: { hierarchy: Hierarchy | null; workspace: string | null },
  named: ReadonlyMap<string, string>,
): string {
  if (lists.length === 0 && spaces.length === 0) return nameText(workspace, connection)
  const listed = (hierarchy?.spaces ?? []).flatMap((space) => [space, ...space.lists])
  const names = new Map(listed.map(({ id, name }) => [id, name]))
  const all = [...new Set([...spaces, ...lists])].map((id) => nameText(names.get(id) ?? named.get(id), id))
  const more = all.length - MOST_NAMES
  return more > 0 ? `${all.slice(0, MOST_NAMES).join(', ')} and ${more} more` : all.join(', ')
}
