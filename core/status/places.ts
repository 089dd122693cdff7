import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { Hierarchy, ListPlace, SpacePlace } from '../sync/hierarchy.ts'

/** How much there is in a place. Archived folders and lists do not count. */
export type Counts = {
  folders: number
  lists: number
  /** As ClickUp counts, of the lists where it does; null where it counts none of them. */
  tasks: number | null
}

type FolderSummary = { id: string; name: string; chosen: boolean; lists: number; tasks: number | null }
export type SpaceSummary = Counts & {
  id: string
  name: string
  archived: boolean
  /** Whether any of it is listened to. */
  chosen: boolean
  /** When its folders and lists were last listed, ms since 1970; null while they were not. */
  listedAt: number | null
  within: readonly FolderSummary[]
}

export type PlacesSummary = { readAt: number; chosen: Counts & { spaces: number }; spaces: readonly SpaceSummary[] }

type Selection = NonNullable<ConnectionRecord['selection']>

/** The places of a workspace with how much there is in each, and of what was chosen together. */
export function placesOf({ readAt, spaces }: Hierarchy, selection: Selection = {}): PlacesSummary {
  const summaries = spaces.map((space) => summaryOf(space, selection))
  const chosen = summaries.filter((space) => space.chosen && !space.archived)
  const isWhole = ({ id }: { id: string }) => isSpaceChosen(id, selection)
  // Of a space that was not chosen itself, only its chosen folders count.
  const counts = chosen.map((space) => (isWhole(space) ? space : countsOf(space.within.filter((each) => each.chosen))))
  return {
    readAt,
    chosen: {
      spaces: chosen.length,
      folders: counts.reduce((sum, { folders }) => sum + folders, 0),
      lists: counts.reduce((sum, { lists }) => sum + lists, 0),
      tasks: sumOf(counts.map(({ tasks }) => tasks)),
    },
    spaces: summaries,
  }
}

const countsOf = (folders: readonly FolderSummary[]): Counts => ({
  folders: folders.length,
  lists: folders.reduce((sum, { lists }) => sum + lists, 0),
  tasks: sumOf(folders.map(({ tasks }) => tasks)),
})

/** Either of the two makes a place wanted, and a folder alone leaves the rest of its space out (`process/selection.ts`). */
const isSpaceChosen = (id: string, { spaces, folders }: Selection) =>
  spaces === undefined ? folders === undefined : spaces.includes(id)

function summaryOf({ id, name, archived, folders, lists, listedAt }: SpacePlace, selection: Selection): SpaceSummary {
  const isWhole = isSpaceChosen(id, selection)
  const living = lists.filter((list) => !list.archived)
  const within = folders
    .filter((folder) => !folder.archived)
    .map((folder): FolderSummary => {
      const own = living.filter(({ folderId }) => folderId === folder.id)
      const chosen = isWhole || (selection.folders?.includes(folder.id) ?? false)
      return { id: folder.id, name: folder.name, chosen, lists: own.length, tasks: tasksOf(own) }
    })
  return {
    ...{ id, name, archived, within },
    chosen: isWhole || within.some((folder) => folder.chosen),
    folders: within.length,
    lists: living.length,
    tasks: tasksOf(living),
    listedAt: listedAt || null,
  }
}

const tasksOf = (lists: readonly ListPlace[]) => sumOf(lists.map(({ taskCount }) => taskCount))

function sumOf(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}
