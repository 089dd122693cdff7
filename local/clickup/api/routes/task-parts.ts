import * as z from 'zod'
import type { Located } from '../../world/context.ts'
import { type Answer, ERRORS, invalidBody, ok } from '../answer.ts'
import { readBody } from '../body.ts'
import {
  actorOf,
  type Call,
  type Handler,
  isWorkspace,
  param,
  visibleFolder,
  visibleList,
  visibleSpace,
  visibleTask,
} from '../call.ts'
import { readFieldInput } from '../field-input.ts'
import { renderField } from '../render/fields.ts'
import { singleTask } from './tasks.ts'

const valueSchema = z.looseObject({ value: z.unknown() })
const dependencySchema = z.looseObject({ depends_on: z.string().optional(), dependency_of: z.string().optional() })

/** Does something to the task of the path, if it can be seen. */
const onTask =
  (act: (call: Call, located: Located) => Answer): Handler =>
  (call) => {
    const found = visibleTask(call)
    return found.kind === 'refused' ? found.answer : act(call, found.located)
  }

const fieldsAt = (call: Call, kind: 'team' | 'space' | 'folder', id: string): Answer => {
  const fields = [...call.world.store.fields.values()].filter(({ place }) => place.kind === kind && place.id === id)
  return ok({ fields: fields.map(renderField) })
}

/** Custom fields: what is defined where, and the values of tasks. One field a call. */
export const fieldRoutes: Record<string, Handler> = {
  'GET /v2/list/:list/field': (call) => {
    const found = visibleList(call, param(call, 'list'))
    return found === undefined ? ERRORS.noAccess : ok({ fields: call.world.fieldsOf(found.list).map(renderField) })
  },
  'GET /v2/folder/:folder/field': (call) => {
    const found = visibleFolder(call, param(call, 'folder'))
    return found === undefined ? ERRORS.noAccess : fieldsAt(call, 'folder', found.folder.id)
  },
  'GET /v2/space/:space/field': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    return space === undefined ? ERRORS.noAccess : fieldsAt(call, 'space', space.id)
  },
  'GET /v2/team/:team/field': (call) =>
    isWorkspace(call) ? fieldsAt(call, 'team', call.world.workspace.id) : ERRORS.noAccess,

  'POST /v2/task/:task/field/:field': onTask((call, { task, list }) => {
    const read = readBody(valueSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const fieldId = param(call, 'field')
    const input = readFieldInput(call.world, list, fieldId, read.data.value, task.fields.get(fieldId))
    if (input.kind === 'refused') return input.answer
    const left = call.faults.fieldUsesLeft
    if (left === 0) return ERRORS.fieldUsesExceeded
    if (left !== null) call.faults.fieldUsesLeft = left - 1
    call.world.setField(actorOf(call), task.id, fieldId, input.value)
    return ok({})
  }),

  'DELETE /v2/task/:task/field/:field': onTask((call, { task, list }) => {
    const input = readFieldInput(call.world, list, param(call, 'field'), null, undefined)
    if (input.kind === 'refused') return input.answer
    call.world.setField(actorOf(call), task.id, input.field.id, undefined)
    return ok({})
  }),
}

export const taskPartRoutes: Record<string, Handler> = {
  'GET /v2/space/:space/tag': (call) => {
    const space = visibleSpace(call, param(call, 'space'))
    if (space === undefined) return ERRORS.noAccess
    return ok({ tags: [...(call.world.store.tagsBySpace.get(space.id)?.values() ?? [])] })
  },
  'POST /v2/task/:task/tag/:tag': onTask((call, { task }) => {
    call.world.addTag(actorOf(call), task.id, param(call, 'tag'))
    return ok({})
  }),
  'DELETE /v2/task/:task/tag/:tag': onTask((call, { task }) => {
    call.world.removeTag(actorOf(call), task.id, param(call, 'tag'))
    return ok({})
  }),

  'POST /v2/task/:task/dependency': onTask((call, { task }) => {
    const read = readBody(dependencySchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { depends_on: dependsOn, dependency_of: dependencyOf } = read.data
    const other = visibleTask(call, dependsOn ?? dependencyOf ?? '')
    if (other.kind === 'refused') return other.answer
    const ends = dependsOn === undefined ? [other.located.task.id, task.id] : [task.id, other.located.task.id]
    const [from = '', to = ''] = ends
    if (from === to) return invalidBody('depends_on: the task itself')
    call.world.addDependency(actorOf(call), from, to)
    return ok({})
  }),
  'POST /v2/task/:task/link/:other': onTask((call, { task }) => {
    const other = visibleTask(call, param(call, 'other'))
    if (other.kind === 'refused') return other.answer
    if (other.located.task.id === task.id) return invalidBody('links_to: the task itself')
    call.world.linkTasks(actorOf(call), task.id, other.located.task.id)
    const answer = singleTask(call, task.id)
    return answer.kind === 'ok' ? ok({ task: answer.body }) : answer
  }),

  'POST /v2/list/:list/task/:task': onTask((call, { task }) => {
    const found = visibleList(call, param(call, 'list'))
    if (found === undefined) return ERRORS.noAccess
    call.world.addToList(actorOf(call), task.id, found.list.id)
    return ok({})
  }),
  'DELETE /v2/list/:list/task/:task': onTask((call, { task }) => {
    call.world.removeFromList(actorOf(call), task.id, param(call, 'list'))
    return ok({})
  }),
  /** The only way to move a task by API is in version 3. */
  'PUT /v3/workspaces/:team/tasks/:task/home_list/:list': onTask((call, { task }) => {
    const found = visibleList(call, param(call, 'list'))
    if (found === undefined || !isWorkspace(call)) return ERRORS.noAccess
    call.world.move(actorOf(call), task.id, found.list.id)
    return ok({})
  }),
}
