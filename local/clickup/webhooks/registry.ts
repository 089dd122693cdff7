import { EVENT_NAMES, type EventName } from '../../../core/clickup/event-names.ts'
import { isEventName } from '../events.ts'
import type { Faults } from '../faults.ts'
import type { Ids } from '../ids.ts'
import type { LogWriter } from '../log.ts'

export type Scope = {
  readonly spaceId: string | null
  readonly folderId: string | null
  readonly listId: string | null
  readonly taskId: string | null
}

export type Webhook = {
  readonly id: string
  readonly userId: number
  readonly clientId: string
  readonly secret: string
  readonly scope: Scope
  endpoint: string
  events: ReadonlySet<EventName>
  status: 'active' | 'failing' | 'suspended'
  failCount: number
}

/** At this many lost events ClickUp gives a webhook up. */
const SUSPENDED_AT = 100

export type Registry = ReturnType<typeof createRegistry>

/** `*`, alone or in a list, is every event. Undefined if a name is unknown. */
export function parseEvents(events: string | readonly string[]): Set<EventName> | undefined {
  const names = typeof events === 'string' ? [events] : events
  if (names.includes('*')) return new Set(EVENT_NAMES)
  const known = names.filter(isEventName)
  return known.length === names.length && names.length > 0 ? new Set(known) : undefined
}

/** A scheme is added where there is none, as ClickUp does. */
const withScheme = (endpoint: string) => (/^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`)

/** The webhooks, their health included. */
export function createRegistry({ ids, faults, log }: { ids: Ids; faults: Faults; log: LogWriter }) {
  const webhooks = new Map<string, Webhook>()
  const clientIds = new Map<number, string>()

  const note = (webhook: Webhook, what: 'created' | 'updated' | 'deleted' | 'health') =>
    log.write({ kind: 'webhook', webhookId: webhook.id, what, status: webhook.status, failCount: webhook.failCount })

  const sameScope = (a: Scope, b: Scope) =>
    a.spaceId === b.spaceId && a.folderId === b.folderId && a.listId === b.listId && a.taskId === b.taskId

  const clientIdOf = (userId: number): string => {
    const clientId = clientIds.get(userId) ?? ids.clientId()
    clientIds.set(userId, clientId)
    return clientId
  }

  return {
    all: (): Iterable<Webhook> => webhooks.values(),
    get: (id: string) => webhooks.get(id),
    /** ClickUp shows a caller only what the caller's own user made. */
    ofUser: (userId: number) => [...webhooks.values()].filter((webhook) => webhook.userId === userId),

    create(
      userId: number,
      input: { endpoint: string; events: Set<EventName>; scope: Scope },
    ): { kind: 'created'; webhook: Webhook } | { kind: 'exists' } {
      const endpoint = withScheme(input.endpoint)
      const inTheWay = [...webhooks.values()].some(
        (webhook) =>
          webhook.userId === userId &&
          sameScope(webhook.scope, input.scope) &&
          (faults.allowSecondWebhook === 'never' || webhook.endpoint === endpoint),
      )
      if (inTheWay) return { kind: 'exists' }
      const webhook: Webhook = {
        ...{ id: ids.uuid(), userId, clientId: clientIdOf(userId), secret: ids.signingSecret(), scope: input.scope },
        ...{ endpoint, events: input.events, status: 'active', failCount: 0 },
      }
      webhooks.set(webhook.id, webhook)
      note(webhook, 'created')
      return { kind: 'created', webhook }
    },

    update(webhook: Webhook, input: { endpoint: string; events: Set<EventName>; active: boolean }): void {
      webhook.endpoint = withScheme(input.endpoint)
      webhook.events = input.events
      webhook.status = input.active ? 'active' : 'suspended'
      if (input.active) webhook.failCount = 0
      note(webhook, 'updated')
    },

    remove(webhook: Webhook): void {
      webhooks.delete(webhook.id)
      note(webhook, 'deleted')
    },

    succeeded(webhook: Webhook): void {
      if (webhook.status === 'active' && webhook.failCount === 0) return
      // What was already on its way when the webhook was given up does not bring it back.
      if (webhook.status === 'suspended') return
      webhook.status = 'active'
      webhook.failCount = 0
      note(webhook, 'health')
    },

    /** One try failed; it is not yet one that counts. */
    stumbled(webhook: Webhook): void {
      if (webhook.status !== 'active') return
      webhook.status = 'failing'
      note(webhook, 'health')
    },

    /** An event was lost after all its tries. */
    failed(webhook: Webhook): void {
      webhook.failCount += 1
      if (webhook.failCount >= SUSPENDED_AT) webhook.status = 'suspended'
      note(webhook, 'health')
    },

    /** As after so many lost events: a test need not lose them. At 100 it is suspended. */
    setFailCount(webhook: Webhook, failCount: number): void {
      webhook.failCount = failCount
      webhook.status = failCount >= SUSPENDED_AT ? 'suspended' : failCount > 0 ? 'failing' : 'active'
      note(webhook, 'health')
    },

    /** 401 and 410 end it at once; so does a test by hand. */
    suspend(webhook: Webhook): void {
      if (webhook.status === 'suspended') return
      webhook.status = 'suspended'
      note(webhook, 'health')
    },
  }
}
