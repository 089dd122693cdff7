import type { ChangeEvent } from '../../../core/publish/event.ts'
import type { Arrival } from '../../../local/start/subscriber.ts'

let drawn = 0
/** A number that has not been there before. */
export const fresh = () => {
  drawn += 1
  return drawn
}

/** An event as a subscriber hears it: a task's, unless something else is said. */
export function arrival(event: Partial<ChangeEvent>): Arrival {
  const whole: ChangeEvent = {
    ...{ schemaVersion: 1, changeId: 'unknown', connection: 'main', resource: { kind: 'task', id: 't1' } },
    ...{ field: 'status', customField: null, before: null, after: null, at: 1, atEarliest: 1, receivedAt: 1 },
    ...{ publishedAt: 1, actor: null, origin: 'webhook', degraded: false, task: null, omitted: [] },
    location: { space: null, folder: null, list: null },
    ...event,
  }
  return { eventId: String(fresh()), detailType: 'Some Change', event: whole, at: 2 }
}
