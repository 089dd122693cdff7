import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import {
  folderAnswer,
  folderFields,
  listAnswer,
  listFields,
  type PlaceFields,
  spaceAnswer,
  spaceFields,
} from './places.ts'

/** A list, folder or space as a listing shows it; `fields` are those of a look (`places.ts`). */
export type ListedPlace = {
  kind: 'space' | 'folder' | 'list'
  id: string
  name: string
  archived: boolean
  fields: PlaceFields
}
export type ListedList = ListedPlace & {
  kind: 'list'
  /** `null` for a list without a folder, which ClickUp keeps in a hidden one of its own. */
  folderId: string | null
  startAt: number | null
  dueAt: number | null
  /** As ClickUp counts; `null` where it does not say. */
  taskCount: number | null
}

export type PlacesOfSpace = { folders: ListedPlace[]; lists: ListedList[] }

type Reader = Pick<ClickUp, 'get'>

const spacesAnswer = z.looseObject({ spaces: z.array(spaceAnswer) })

/** The spaces that our token sees; archived ones are asked for by themselves. */
export async function listSpaces(
  clickup: Reader,
  workspaceId: string,
  archived: boolean,
): Promise<Answer<ListedPlace[]>> {
  const path = `/team/${segment(workspaceId)}/space?archived=${archived}`
  const answer = await clickup.get(path, spacesAnswer)
  if (answer.kind !== 'ok') return answer
  const spaces = answer.value.spaces.map((space): ListedPlace => {
    const { id, name } = space
    const isArchived = space.archived === true
    return { kind: 'space', id, name, archived: isArchived, fields: { ...spaceFields(space), state: 'present' } }
  })
  return { ...answer, value: spaces }
}

const listsAnswer = z.looseObject({ lists: z.array(listAnswer) })
const foldersAnswer = z.looseObject({
  folders: z.array(folderAnswer.extend({ lists: z.array(listAnswer).optional() })),
})

/** The folders of a space with their lists, and the lists without a folder: two calls. */
export async function listPlaces(clickup: Reader, spaceId: string, archived: boolean): Promise<Answer<PlacesOfSpace>> {
  const space = segment(spaceId)
  const inFolders = await clickup.get(`/space/${space}/folder?archived=${archived}`, foldersAnswer)
  if (inFolders.kind !== 'ok') return inFolders
  const alone = await clickup.get(`/space/${space}/list?archived=${archived}`, listsAnswer)
  if (alone.kind !== 'ok') return alone
  const { folders } = inFolders.value
  const { observedAt } = inFolders
  return {
    kind: 'ok',
    observedAt,
    value: {
      folders: folders.map((folder) => placeOfFolder(folder, spaceId)),
      lists: [
        ...folders.flatMap((folder) => (folder.lists ?? []).map((list) => placeOfList(list, spaceId, folder.id))),
        ...alone.value.lists.map((list) => placeOfList(list, spaceId, null)),
      ],
    },
  }
}

/** The archived lists of a folder, which no other listing shows. */
export async function listArchivedLists(
  clickup: Reader,
  spaceId: string,
  folderId: string,
): Promise<Answer<ListedList[]>> {
  const answer = await clickup.get(`/folder/${segment(folderId)}/list?archived=true`, listsAnswer)
  if (answer.kind !== 'ok') return answer
  return { ...answer, value: answer.value.lists.map((list) => placeOfList(list, spaceId, folderId)) }
}

function placeOfFolder(folder: z.infer<typeof folderAnswer>, spaceId: string): ListedPlace {
  const { id, name } = folder
  const fields = { ...folderFields(folder), space: folder.space?.id ?? spaceId, state: 'present' }
  return { kind: 'folder', id, name, archived: folder.archived === true, fields }
}

function placeOfList(list: z.infer<typeof listAnswer>, spaceId: string, folderId: string | null): ListedList {
  const { id, name, start_date: startAt, due_date: dueAt, task_count: taskCount } = list
  const { folder, ...fields } = listFields(list)
  return {
    kind: 'list',
    id,
    name,
    archived: list.archived === true,
    fields: {
      ...fields,
      space: list.space?.id ?? spaceId,
      state: 'present',
      // Within its folder it need not say which that is; without one, a hidden one is named or none at all.
      ...(folder === null ? (folderId === null ? {} : { folder: folderId }) : { folder: folder ?? null }),
    },
    folderId,
    startAt: startAt ?? null,
    dueAt: dueAt ?? null,
    taskCount: taskCount ?? null,
  }
}
