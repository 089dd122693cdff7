import type { Actor, Emission, HistoryItem, SilentChange } from './mutation.ts'
import { type StatusDefinition, statusSet } from './statuses.ts'
import type { Tools } from './tools.ts'
import type { Folder, List } from './types.ts'

export type ListInput = {
  name: string
  /** A folder, or a space for a list without a folder. */
  parent: { readonly kind: 'folder' | 'space'; readonly id: string }
  content?: string | undefined
  startDate?: number | null | undefined
  dueDate?: number | null | undefined
  statuses?: readonly StatusDefinition[] | undefined
}

type ListChanges = Partial<Pick<List, 'name' | 'content' | 'startDate' | 'dueDate' | 'archived'>>

const text = (value: number | null) => (value === null ? null : String(value))

/** Makes the list and what tells of it, without committing: new spaces make one too. */
export function addList(tools: Tools, input: ListInput): { list: List; emission: Emission } {
  const { store, ids } = tools
  const id = ids.place()
  let folder: Folder
  if (input.parent.kind === 'folder') folder = tools.folder(input.parent.id)
  else {
    const { id: spaceId } = tools.space(input.parent.id)
    folder = { id: ids.place(), spaceId, name: 'hidden', orderindex: 0, hidden: true, archived: false, statuses: null }
    store.folders.set(folder.id, folder)
  }
  const list: List = {
    id,
    folderId: folder.id,
    name: input.name,
    content: input.content ?? '',
    orderindex: store.lists.size,
    startDate: input.startDate ?? null,
    dueDate: input.dueDate ?? null,
    archived: false,
    statuses: input.statuses ? statusSet(ids, id, input.statuses) : null,
  }
  store.lists.set(id, list)
  const place = { spaceId: folder.spaceId, folderId: folder.id, listId: id }
  return { list, emission: tools.hint('listCreated', 'list', id, place, { was: null, is: { name: list.name } }) }
}

/** Takes a list and its tasks out of the world, without committing. Nothing tells of the tasks one by one. */
export function dropList(tools: Tools, list: List, date: number): { emission: Emission; silent: SilentChange[] } {
  const { store } = tools
  const folder = tools.folder(list.folderId)
  const silent: SilentChange[] = []
  for (const id of store.tasks.everIn(list.id)) {
    const task = store.tasks.get(id)
    if (task === undefined || task.deleted || task.listId !== list.id) continue
    tools.revise(task, { deleted: true }, date, true)
    silent.push({ resource: { kind: 'task', id }, field: 'deleted', before: false, after: true })
  }
  store.lists.delete(list.id)
  if (folder.hidden) store.folders.delete(folder.id)
  const place = { spaceId: folder.spaceId, folderId: folder.id, listId: list.id }
  return { emission: tools.hint('listDeleted', 'list', list.id, place, { was: { name: list.name }, is: null }), silent }
}

export function listMutations(tools: Tools) {
  function createList(actor: Actor, input: ListInput): List {
    const date = tools.now()
    const { list, emission } = addList(tools, input)
    const { spaceId } = tools.folder(list.folderId)
    tools.tell('createList', actor, date, [emission, tools.hint('spaceUpdated', 'space', spaceId, { spaceId })])
    return list
  }

  /** One `listUpdated` with an item for each thing that changed; its ids are UUIDs, its type 6. */
  function updateList(actor: Actor, listId: string, changes: ListChanges): List {
    const before = tools.list(listId)
    const after = { ...before, ...changes }
    const folder = tools.folder(before.folderId)
    const date = tools.now()
    const item = (field: string, old: unknown, now: unknown): HistoryItem[] =>
      old === now
        ? []
        : [tools.item(actor, date, field, listId, { id: tools.ids.uuid(), type: 6, before: old, after: now })]
    const items = [
      ...item('name', before.name, after.name),
      ...item('content', before.content, after.content),
      ...item('start_date', text(before.startDate), text(after.startDate)),
      ...item('due_date', text(before.dueDate), text(after.dueDate)),
      ...item('archived', before.archived, after.archived),
    ]
    if (items.length === 0) return before
    tools.store.lists.set(listId, after)
    const places = [{ spaceId: folder.spaceId, folderId: folder.id, listId, taskId: null }]
    tools.tell('updateList', actor, date, [
      { event: 'listUpdated', resource: { kind: 'list', id: listId }, items, places },
    ])
    return after
  }

  const renameList = (actor: Actor, listId: string, name: string): List => updateList(actor, listId, { name })

  const archiveList = (actor: Actor, listId: string, archived = true): List => updateList(actor, listId, { archived })

  function deleteList(actor: Actor, listId: string): void {
    const date = tools.now()
    const { emission, silent } = dropList(tools, tools.list(listId), date)
    tools.tell('deleteList', actor, date, [emission], silent)
  }

  return { createList, updateList, renameList, archiveList, deleteList }
}
