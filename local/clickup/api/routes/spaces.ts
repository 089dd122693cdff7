import * as z from 'zod'
import { ERRORS, ok } from '../answer.ts'
import { readBody } from '../body.ts'
import { actorOf, flag, type Handler, isWorkspace, param, visibleFolder, visibleSpace } from '../call.ts'
import { renderFolder, renderSpace } from '../render/places.ts'

const nameSchema = z.looseObject({ name: z.string().min(1) })
const spaceChangesSchema = z.looseObject({ name: z.string().min(1).optional(), private: z.boolean().optional() })

export const spaceRoutes: Record<string, Handler> = {
  'GET /v2/team/:team/space': (call) => {
    if (!isWorkspace(call)) return ERRORS.noAccess
    const { world } = call
    const spaces = [...world.store.spaces.values()].filter(
      (space) => space.archived === flag(call, 'archived') && world.isMember(space, call.caller.id),
    )
    return ok({ spaces: spaces.map((space) => renderSpace(world, space, call.faults)) })
  },

  'POST /v2/team/:team/space': (call) => {
    if (!isWorkspace(call)) return ERRORS.noAccess
    const read = readBody(nameSchema, call.body)
    if (read.kind === 'refused') return read.answer
    return ok(renderSpace(call.world, call.world.createSpace(actorOf(call), { name: read.data.name }), call.faults))
  },

  'GET /v2/space/:space': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    return space === undefined ? ERRORS.noAccess : ok(renderSpace(call.world, space, call.faults))
  },

  'PUT /v2/space/:space': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    const read = readBody(spaceChangesSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { name = space.name, private: closed = space.private } = read.data
    return ok(
      renderSpace(call.world, call.world.updateSpace(actorOf(call), space.id, { name, private: closed }), call.faults),
    )
  },

  'DELETE /v2/space/:space': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    call.world.deleteSpace(actorOf(call), space.id)
    return ok({})
  },
}

export const folderRoutes: Record<string, Handler> = {
  'GET /v2/space/:space/folder': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    const folders = [...call.world.store.folders.values()].filter(
      (folder) => folder.spaceId === space.id && !folder.hidden && folder.archived === flag(call, 'archived'),
    )
    return ok({ folders: folders.map((folder) => renderFolder(call.world, folder, space, call.faults)) })
  },

  'POST /v2/space/:space/folder': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    const read = readBody(nameSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const folder = call.world.createFolder(actorOf(call), { spaceId: space.id, name: read.data.name })
    return ok(renderFolder(call.world, folder, space, call.faults))
  },

  'GET /v2/folder/:folder': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    return found === undefined ? ERRORS.noAccess : ok(renderFolder(call.world, found.folder, found.space, call.faults))
  },

  'PUT /v2/folder/:folder': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    if (found === undefined) return ERRORS.noAccess
    const read = readBody(nameSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const folder = call.world.renameFolder(actorOf(call), found.folder.id, read.data.name)
    return ok(renderFolder(call.world, folder, found.space, call.faults))
  },

  'DELETE /v2/folder/:folder': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    if (found === undefined || found.folder.hidden) return ERRORS.noAccess
    call.world.deleteFolder(actorOf(call), found.folder.id)
    return ok({})
  },
}
