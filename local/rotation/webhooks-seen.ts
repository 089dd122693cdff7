import type { Slot } from '../../core/platform/connections.ts'
import { webhookUrl } from '../../core/platform/names.ts'
import type { FakeClickUp } from '../clickup/server.ts'

/** A webhook that stood at one of our addresses. Times are milliseconds since 1970, from when it was first and last seen. */
export type SeenWebhook = {
  id: string
  slot: Slot
  url: string
  secret: string
  seenFrom: number
  /** Null while it stands. */
  goneAt: number | null
}

export type WebhooksSeen = {
  /** Looks which there are. To be called often: one that comes and goes in between is not seen. */
  look(): void
  all(): readonly SeenWebhook[]
}

/** Writes down which webhooks there were, and their secrets: what ClickUp deletes it does not tell of any more. */
export function watchWebhooks(
  { webhooks }: Pick<FakeClickUp, 'webhooks'>,
  { apiUrl, connection }: { apiUrl: string; connection: string },
  now: () => number,
): WebhooksSeen {
  const seen = new Map<string, SeenWebhook>()
  const slotOf = (endpoint: string): Slot => (endpoint === webhookUrl(apiUrl, connection, 'b') ? 'b' : 'a')
  function look(): void {
    for (const { id, endpoint, secret } of webhooks.all())
      if (!seen.has(id))
        seen.set(id, { id, slot: slotOf(endpoint), url: endpoint, secret, seenFrom: now(), goneAt: null })
    for (const each of seen.values())
      if (each.goneAt === null && webhooks.get(each.id) === undefined) each.goneAt = now()
  }
  look()
  return { look, all: () => [...seen.values()] }
}
