import { timePart } from '../../core/platform/tables.ts'
import { CONNECTION } from '../../local/virtual/environment.ts'

const UNTIL = Date.UTC(2026, 2, 2, 8)
/** So long ago the first of them was. */
const SPAN_MS = 90 * 86_400_000

/**
 * Changes as the ledger holds them, spread over the histories of just those tasks that change again: whoever looks through a history,
 * or through everything, has the more to do the more there are.
 */
export function* pastOf(items: number, tasks: number): Generator<Record<string, unknown>> {
  for (let i = 0; i < items; i += 1) {
    const at = UNTIL - SPAN_MS + Math.floor((i / items) * SPAN_MS)
    const id = i.toString(16).padStart(32, '0')
    const task = `task${i % tasks}`
    yield {
      ...{ pk: `${CONNECTION}#task#${task}`, sk: `${timePart(at)}#${id}`, id, status: 'done' },
      ...{ day: `${new Date(at).toISOString().slice(0, 10)}#${i % 4}`, daySk: `${timePart(at)}#${id}` },
      ...{
        connection: CONNECTION,
        resource: { kind: 'task', id: task },
        field: 'status',
        before: 'open',
        after: 'done',
      },
      ...{ customField: null, at, atEarliest: at, actor: null, origin: 'webhook', receivedAt: at, publishedAt: at },
      ...{ listId: null, expiresAt: Math.floor(at / 1_000) + 400 * 86_400, schemaVersion: 1 },
    }
  }
}
