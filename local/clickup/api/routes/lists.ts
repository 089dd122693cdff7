import * as z from 'zod'
import { ERRORS, ok } from '../answer.ts'
import { number, readBody } from '../body.ts'
import { actorOf, type Call, flag, type Handler, param, visibleFolder, visibleList, visibleSpace } from '../call.ts'
import { renderList, renderSingleList } from '../render/places.ts'

const createSchema = z.looseObject({
  name: z.string().min(1),
  content: z.string().optional(),
  due_date: number.nullish(),
  start_date: number.nullish(),
})
const updateSchema = createSchema.partial({ name: true })

/** The lists of one place that the caller asks for, archived ones or the others. */
function listsOf(call: Call, isIn: (folderId: string) => boolean) {
  const archived = flag(call, 'archived')
  return call.world.lists().flatMap((list) => {
    const found = isIn(list.folderId) && list.archived === archived ? visibleList(call, list.id) : undefined
    return found === undefined ? [] : [renderList(call.world, found.list, found.folder, found.space, call.faults)]
  })
}

function createList(call: Call, parent: { kind: 'folder' | 'space'; id: string }) {
  const read = readBody(createSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { name, content, due_date: dueDate, start_date: startDate } = read.data
  const list = call.world.createList(actorOf(call), { name, parent, content, dueDate, startDate })
  const found = visibleList(call, list.id)
  return found === undefined
    ? ERRORS.noAccess
    : ok(renderSingleList(call.world, found.list, found.folder, found.space, call.faults))
}

export const listRoutes: Record<string, Handler> = {
  'GET /v2/folder/:folder/list': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    return found === undefined ? ERRORS.noAccess : ok({ lists: listsOf(call, (id) => id === found.folder.id) })
  },

  'POST /v2/folder/:folder/list': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    return found === undefined ? ERRORS.noAccess : createList(call, { kind: 'folder', id: found.folder.id })
  },

  'GET /v2/space/:space/list': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    const hidden = (id: string) => {
      const folder = call.world.store.folders.get(id)
      return folder?.hidden === true && folder.spaceId === space.id
    }
    return ok({ lists: listsOf(call, hidden) })
  },

  'POST /v2/space/:space/list': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    return space === undefined ? ERRORS.noAccess : createList(call, { kind: 'space', id: space.id })
  },

  'GET /v2/list/:list': (call) => {
    const id = param(call, 'list')
    if (!/^\d+$/.test(id)) return ERRORS.listIdInvalid
    const found = visibleList(call, id)
    return found === undefined
      ? ERRORS.noAccess
      : ok(renderSingleList(call.world, found.list, found.folder, found.space, call.faults))
  },

  'PUT /v2/list/:list': (call) => {
    const found = visibleList(call, param(call, 'list'))
    if (found === undefined) return ERRORS.noAccess
    const read = readBody(updateSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { name, content, due_date: dueDate, start_date: startDate } = read.data
    const list = call.world.updateList(actorOf(call), found.list.id, {
      ...(name === undefined ? {} : { name }),
      ...(content === undefined ? {} : { content }),
      ...(dueDate === undefined ? {} : { dueDate }),
      ...(startDate === undefined ? {} : { startDate }),
    })
    return ok(renderSingleList(call.world, list, found.folder, found.space, call.faults))
  },

  'DELETE /v2/list/:list': (call) => {
    const found = visibleList(call, param(call, 'list'))
    if (found === undefined) return ERRORS.noAccess
    call.world.deleteList(actorOf(call), found.list.id)
    return ok({})
  },
}
