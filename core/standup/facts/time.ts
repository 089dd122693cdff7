import type { TimeEntry } from '../../tasks/time-entry.ts'
import type { Span } from '../material.ts'
import type { Draft } from './draft.ts'
import type { Persons } from './persons.ts'

/** The tasks of a person on which most was done; the time is that of all. */
const MOST_TASKS = 10

/** Entries are found by their beginning. Longer ones are timers that somebody forgot. */
export const LONGEST_MS = 2 * 86_400_000

/**
 * What each person has written down for tasks of the scope, by entries that ended in the span. A timer that runs counts once it
 * stops, as ClickUp counts it: by its beginning, one that runs while a summary is told would be in none. Time that nobody is known
 * to have spent is nobody's.
 *
 * @param entries those that began in the span or up to `LONGEST_MS` before it
 * @param isWanted whether a task, by its id, is in the scope
 */
export function timeOf(
  entries: readonly TimeEntry[],
  { from, until }: Pick<Span, 'from' | 'until'>,
  isWanted: (taskId: string) => boolean,
  persons: Persons,
): Draft[] {
  const byPerson = new Map<string, Map<string, number>>()
  const told = new Map(entries.map((entry) => [entry.entryId, entry]))
  for (const { taskId, userId, userName, startAt, endAt, durationMs, running, deleted } of told.values()) {
    if (taskId === null || userId === null || deleted || running || durationMs === null || durationMs <= 0) continue
    const end = endAt ?? (startAt ?? 0) + durationMs
    if (end < from || end >= until || !isWanted(taskId)) continue
    const key = persons.keyOf({ id: userId, name: userName ?? null }) ?? userId
    const spent = byPerson.get(key) ?? new Map<string, number>()
    byPerson.set(key, spent.set(taskId, (spent.get(taskId) ?? 0) + durationMs))
  }
  return [...byPerson].map(([person, spent]) => {
    const tasks = [...spent].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id)
    const ms = [...spent.values()].reduce((sum, each) => sum + each, 0)
    // Who has written down most comes first.
    return { kind: 'time', person, ms, tasks: tasks.slice(0, MOST_TASKS), taskId: null, changeIds: [], order: -ms }
  })
}
