import type { Connection, Filter } from '../platform/connections.ts'
import type { Delivery } from './delivery.ts'

/**
 * Whether a delivery goes to the queue.
 *
 * Filtering by event name drops deliveries, not changes. A change to a task comes twice, as its own event and as
 * `taskUpdated`, with one history item; either of the two is enough. So `['taskStatusUpdated']` keeps status changes and
 * drops the rest, while a list that contains `taskUpdated` keeps every change to a task.
 *
 * Filtering by list looks at the list that a history item or the event itself names; a delivery that names none passes.
 */
export function isWanted(delivery: Delivery, filter: Filter): boolean {
  if (endsOrMoves(delivery)) return true
  if (filter.events && !filter.events.includes(delivery.event)) return false
  // Only events of a space name one; where a list lies, the consumer learns.
  if (filter.spaces && delivery.space_id !== undefined && !filter.spaces.includes(String(delivery.space_id)))
    return false
  if (!filter.lists) return true
  const wanted = filter.lists
  const named = listsOf(delivery)
  return named.length === 0 || named.some((list) => wanted.includes(list))
}

/** Whether a connection drops anything at all. */
export const isFiltered = ({ filter }: Pick<Connection, 'filter'>): boolean =>
  filter.events !== undefined || filter.lists !== undefined || filter.spaces !== undefined

/**
 * Deletions and moves are never dropped. A deletion names no list, and a move names only where the task goes: a move into
 * an unwanted list is how a task leaves the selection.
 */
function endsOrMoves(delivery: Delivery): boolean {
  return (
    delivery.event.endsWith('Deleted') ||
    delivery.event === 'taskMoved' ||
    delivery.history_items.some((item) => item.field === 'section_moved')
  )
}

/** The parent of a task's history item is its list; so is that of a list's own. */
function listsOf(delivery: Delivery): string[] {
  return [delivery.list_id, ...delivery.history_items.map((item) => item.parent_id)]
    .filter((id) => typeof id === 'string' || typeof id === 'number')
    .map(String)
}
