import * as z from 'zod'
import { EVENT_NAMES } from '../../../../core/clickup/event-names.ts'
import { parseEvents, type Webhook } from '../../webhooks/registry.ts'
import { type Answer, ERRORS, invalidBody, ok } from '../answer.ts'
import { idText, readBody } from '../body.ts'
import {
  type Call,
  type Handler,
  isWorkspace,
  param,
  visibleFolder,
  visibleList,
  visibleSpace,
  visibleTask,
} from '../call.ts'

const place = idText.nullish().transform((id) => id ?? null)
const events = z.union([z.string(), z.array(z.string())])
const createSchema = z.looseObject({
  endpoint: z.string().min(1),
  events,
  space_id: place,
  folder_id: place,
  list_id: place,
  task_id: place,
})
const updateSchema = z.looseObject({
  endpoint: z.string().min(1),
  events,
  status: z.enum(['active', 'inactive', 'suspended']),
})

/** The secret is part of every answer, lists included. */
const render = (call: Call, webhook: Webhook) => ({
  id: webhook.id,
  userid: webhook.userId,
  team_id: Number(call.world.workspace.id),
  endpoint: webhook.endpoint,
  client_id: webhook.clientId,
  events: EVENT_NAMES.filter((name) => webhook.events.has(name)),
  task_id: webhook.scope.taskId,
  list_id: webhook.scope.listId,
  folder_id: webhook.scope.folderId,
  space_id: webhook.scope.spaceId,
  health: { status: webhook.status, fail_count: webhook.failCount },
  secret: webhook.secret,
})

const single = (call: Call, webhook: Webhook): Answer => ok({ id: webhook.id, webhook: render(call, webhook) })

/** A webhook of the caller's own: another user's looks like none. */
function ownWebhook(call: Call): Webhook | undefined {
  const webhook = call.registry.get(param(call, 'webhook'))
  return webhook?.userId === call.caller.id ? webhook : undefined
}

function locationRefused(call: Call, body: z.infer<typeof createSchema>): Answer | undefined {
  if (body.space_id !== null && visibleSpace(call, body.space_id) === undefined) return ERRORS.noAccess
  if (body.folder_id !== null && visibleFolder(call, body.folder_id) === undefined) return ERRORS.noAccess
  if (body.list_id !== null && visibleList(call, body.list_id) === undefined) return ERRORS.noAccess
  if (body.task_id === null) return undefined
  const task = visibleTask(call, body.task_id)
  return task.kind === 'refused' ? task.answer : undefined
}

export const webhookRoutes: Record<string, Handler> = {
  'GET /v2/team/:team/webhook': (call) => {
    if (!isWorkspace(call)) return ERRORS.noAccess
    return ok({ webhooks: call.registry.ofUser(call.caller.id).map((webhook) => render(call, webhook)) })
  },

  'POST /v2/team/:team/webhook': (call) => {
    if (!isWorkspace(call) || call.faults.webhookRefusal === '401') return ERRORS.noAccess
    if (call.faults.webhookRefusal === '403') return ERRORS.noAccess403
    const read = readBody(createSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { data } = read
    const refused = locationRefused(call, data)
    if (refused !== undefined) return refused
    const wanted = parseEvents(data.events)
    if (wanted === undefined) return invalidBody('events: unknown event')
    const scope = {
      spaceId: data.space_id,
      folderId: data.folder_id,
      listId: data.list_id,
      taskId: data.task_id,
    }
    const made = call.registry.create(call.caller.id, { endpoint: data.endpoint, events: wanted, scope })
    return made.kind === 'exists' ? ERRORS.webhookExists : single(call, made.webhook)
  },

  /** All three of endpoint, events and status are required; `active` wipes the failures out, and nothing is sent again. */
  'PUT /v2/webhook/:webhook': (call) => {
    const webhook = ownWebhook(call)
    if (webhook === undefined) return ERRORS.noAccess
    const read = readBody(updateSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const wanted = parseEvents(read.data.events)
    if (wanted === undefined) return invalidBody('events: unknown event')
    const active = read.data.status === 'active'
    call.registry.update(webhook, { endpoint: read.data.endpoint, events: wanted, active })
    return single(call, webhook)
  },

  'DELETE /v2/webhook/:webhook': (call) => {
    const webhook = ownWebhook(call)
    if (webhook === undefined) return ERRORS.noAccess
    call.registry.remove(webhook)
    return ok({})
  },
}
