import type { SpacePlace } from '../sync/hierarchy.ts'

export type Sprint = { id: string; name: string; startAt: number; dueAt: number }

type Spaces = { spaces: readonly Pick<SpacePlace, 'folders' | 'lists'>[] }

/**
 * The sprints of a workspace, by list id. ClickUp's API knows none: a sprint is a list with both dates in a folder whose name
 * says so. A task belongs to the sprints in which it lives and to those that it was added to.
 */
export function sprintsOf(hierarchy: Spaces | null, folderName: string): Map<string, Sprint> {
  const wanted = folderName.toLowerCase()
  const sprints = (hierarchy?.spaces ?? []).flatMap(({ folders, lists }) => {
    const isOfSprints = new Set(folders.filter(({ name }) => name.toLowerCase().includes(wanted)).map(({ id }) => id))
    return lists.flatMap(({ id, name, folderId, startAt, dueAt }): Sprint[] =>
      folderId !== null && isOfSprints.has(folderId) && startAt !== null && dueAt !== null
        ? [{ id, name, startAt, dueAt }]
        : [],
    )
  })
  return new Map(sprints.map((sprint) => [sprint.id, sprint]))
}
