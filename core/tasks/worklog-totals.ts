import type { TimeEntry } from './time-entry.ts'

/** Milliseconds. What nobody is known to have spent counts under the empty id. */
export type TaskTotal = { totalMs: number; byUser: ReadonlyMap<string, number> }

/** Time spent by task and by person, as ClickUp counts it: a timer that runs counts only once it stops. */
export function totalsOf(entries: readonly TimeEntry[]): Map<string, TaskTotal> {
  const totals = new Map<string, { totalMs: number; byUser: Map<string, number> }>()
  for (const { taskId, userId, durationMs, running, deleted } of entries) {
    if (taskId === null || deleted || running || durationMs === null) continue
    const total = totals.get(taskId) ?? { totalMs: 0, byUser: new Map<string, number>() }
    total.totalMs += durationMs
    total.byUser.set(userId ?? '', (total.byUser.get(userId ?? '') ?? 0) + durationMs)
    totals.set(taskId, total)
  }
  return totals
}
