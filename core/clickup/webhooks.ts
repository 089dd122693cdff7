import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { EVENT_NAMES, type EventName } from './event-names.ts'
import { idSchema } from './scalars.ts'

/** A webhook as ClickUp tells of it. */
export type Webhook = {
  id: string
  endpoint: string
  /** Whether it hears of every event of the whole workspace. */
  events: 'all' | 'some'
  /** False for one that was made for a space, folder, list or task: where it is cannot be changed. */
  whole: boolean
  /** The key of its deliveries; every answer carries it. Empty where one did not. */
  secret: string
  /** `active`, `failing` or `suspended`, as far as ClickUp documents. */
  status: string
  /** Events that were lost since it was last well: https://developer.clickup.com/docs/webhookhealth */
  failCount: number
}

/** All of them, or one alone. */
export type Events = 'all' | EventName

export type Webhooks = {
  /** Those that the token's own user has made: ClickUp shows no others. */
  list(): Promise<Answer<Webhook[]>>
  /** `exists`: one of the same configuration and place is there already, maybe at another endpoint. */
  make(endpoint: string, events: Events): Promise<Answer<Webhook> | { kind: 'exists' }>
  /** Sets all that can be set, and makes it active again. */
  update(id: string, endpoint: string, events: Events): Promise<Answer<Webhook>>
  /** It is gone then, also where it was gone before. */
  remove(id: string): Promise<Answer<null>>
}

/** The code for a second webhook of one configuration. */
const EXISTS = /\bOAUTH_171\b/

const place = idSchema.nullish().catch(null)
const webhookSchema = z
  .looseObject({
    id: z.string().min(1),
    endpoint: z.string(),
    events: z.array(z.string()).catch([]),
    space_id: place,
    folder_id: place,
    list_id: place,
    task_id: place,
    health: z
      .looseObject({ status: z.string(), fail_count: z.coerce.number().catch(0) })
      .nullish()
      .catch(null),
    secret: z.string().nullish().catch(null),
  })
  .transform(
    (webhook): Webhook => ({
      id: webhook.id,
      endpoint: webhook.endpoint,
      events: isAll(webhook.events) ? 'all' : 'some',
      whole: [webhook.space_id, webhook.folder_id, webhook.list_id, webhook.task_id].every((id) => id == null),
      secret: webhook.secret ?? '',
      status: webhook.health?.status ?? 'active',
      failCount: webhook.health?.fail_count ?? 0,
    }),
  )

/** Events that ClickUp has added since then are no reason to change anything. */
const isAll = (events: readonly string[]) => events.includes('*') || EVENT_NAMES.every((name) => events.includes(name))

const listAnswer = z.looseObject({ webhooks: z.array(z.unknown()) })
const singleAnswer = z.looseObject({ webhook: webhookSchema })

/** The webhooks of one workspace, by its token. */
export function createWebhooks(clickup: Pick<ClickUp, 'get' | 'send'>, workspaceId: string): Webhooks {
  const path = `/team/${segment(workspaceId)}/webhook`
  return {
    async list() {
      const answer = await clickup.get(path, listAnswer)
      if (answer.kind !== 'ok') return answer
      // One without an id or an endpoint is none of ours as far as anybody can tell.
      const webhooks = answer.value.webhooks.flatMap((each) => webhookSchema.safeParse(each).data ?? [])
      return { ...answer, value: webhooks }
    },
    async make(endpoint, events) {
      const body = { endpoint, events: [events === 'all' ? '*' : events] }
      const answer = single(await clickup.send('POST', path, body, singleAnswer))
      return answer.kind === 'invalid' && EXISTS.test(answer.reason) ? { kind: 'exists' } : answer
    },
    async update(id, endpoint, events) {
      // All three are required, and here the events of a single string may be the star.
      const body = { endpoint, events: events === 'all' ? '*' : [events], status: 'active' }
      return single(await clickup.send('PUT', `/webhook/${segment(id)}`, body, singleAnswer))
    },
    async remove(id) {
      const answer = await clickup.send('DELETE', `/webhook/${segment(id)}`, undefined, z.unknown())
      // Also ClickUp's answer to an id that does not exist; it is only asked to delete what it has listed as the token's own.
      if (answer.kind === 'gone' || answer.kind === 'noAccess') return { kind: 'ok', value: null, observedAt: 0 }
      return answer.kind === 'ok' ? { ...answer, value: null } : answer
    },
  }
}

const single = (answer: Answer<{ webhook: Webhook }>): Answer<Webhook> =>
  answer.kind === 'ok' ? { ...answer, value: answer.value.webhook } : answer
