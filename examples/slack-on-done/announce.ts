import type { ChangeEvent } from '../../core/publish/index.ts'
import { messageOf } from './message.ts'

/** Slack answers in a second; ten that do not must still end within the function's time-out. */
const TIMEOUT_MS = 5_000

/** So many are remembered, the oldest forgotten first. */
const REMEMBERED = 1_000

export type AnnounceServices = {
  /** The incoming webhook's URL, which is a secret. */
  url(): Promise<string>
  fetch(url: string, init: RequestInit): Promise<Response>
}

/**
 * Posts the line of an event, once for each change as far as this worker can know: a copy that comes to another worker
 * is posted again, because Slack takes no idempotency key. The README says what to do where that matters.
 */
export function createAnnounce({ url, fetch }: AnnounceServices) {
  const posted = new Set<string>()
  return async (event: ChangeEvent): Promise<void> => {
    if (posted.has(event.changeId)) return
    const answer = await fetch(await url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(messageOf(event)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    const text = await answer.text()
    // 429 passes, 404 and 410 do not: either way the event comes again, and at last waits in the dead-letter queue.
    if (!answer.ok) throw new Error(`Slack answered ${answer.status}: ${text.slice(0, 100)}`)
    posted.add(event.changeId)
    const [oldest] = posted
    if (posted.size > REMEMBERED && oldest !== undefined) posted.delete(oldest)
  }
}
