import { dropList } from './lists.ts'
import type { Actor } from './mutation.ts'
import { type StatusDefinition, statusSet } from './statuses.ts'
import type { Tools } from './tools.ts'
import type { Folder } from './types.ts'

export type FolderInput = { spaceId: string; name: string; statuses?: readonly StatusDefinition[] | undefined }

export function folderMutations(tools: Tools) {
  const { store } = tools

  function createFolder(actor: Actor, input: FolderInput): Folder {
    const { id: spaceId } = tools.space(input.spaceId)
    const date = tools.now()
    const id = tools.ids.place()
    const folder: Folder = {
      id,
      spaceId,
      name: input.name,
      orderindex: store.folders.size,
      hidden: false,
      archived: false,
      statuses: input.statuses ? statusSet(tools.ids, id, input.statuses) : null,
    }
    store.folders.set(id, folder)
    tools.tell('createFolder', actor, date, [
      tools.hint('folderCreated', 'folder', id, { spaceId, folderId: id }, { was: null, is: { name: folder.name } }),
      tools.hint('spaceUpdated', 'space', spaceId, { spaceId }),
    ])
    return folder
  }

  function updateFolder(
    actor: Actor,
    folderId: string,
    name: string,
    changes: Partial<Pick<Folder, 'name' | 'archived'>>,
  ) {
    const before = tools.folder(folderId)
    const after = { ...before, ...changes }
    if (before.name === after.name && before.archived === after.archived) return before
    store.folders.set(folderId, after)
    const place = { spaceId: after.spaceId, folderId }
    const meaning = {
      was: { name: before.name, archived: before.archived },
      is: { name: after.name, archived: after.archived },
    }
    tools.tell(name, actor, tools.now(), [tools.hint('folderUpdated', 'folder', folderId, place, meaning)])
    return after
  }

  const renameFolder = (actor: Actor, folderId: string, name: string): Folder =>
    updateFolder(actor, folderId, 'renameFolder', { name })

  const archiveFolder = (actor: Actor, folderId: string, archived = true): Folder =>
    updateFolder(actor, folderId, 'archiveFolder', { archived })

  /** Its lists go with it, each with a `listDeleted`. */
  function deleteFolder(actor: Actor, folderId: string): void {
    const folder = tools.folder(folderId)
    const { spaceId } = folder
    const date = tools.now()
    const dropped = [...store.lists.values()]
      .filter((list) => list.folderId === folderId)
      .map((list) => dropList(tools, list, date))
    store.folders.delete(folderId)
    tools.tell(
      'deleteFolder',
      actor,
      date,
      [
        tools.hint(
          'folderDeleted',
          'folder',
          folderId,
          { spaceId, folderId },
          { was: { name: folder.name }, is: null },
        ),
        tools.hint('spaceUpdated', 'space', spaceId, { spaceId }),
        ...dropped.map(({ emission }) => emission),
      ],
      dropped.flatMap(({ silent }) => silent),
    )
  }

  return { createFolder, renameFolder, archiveFolder, deleteFolder }
}
