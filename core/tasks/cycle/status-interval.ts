import type { Person } from '../snapshot.ts'

/**
 * How well it is known when a task came into a status. `exact`: ClickUp told. `interval`: at some time from `fromEarliest` to
 * `fromLatest`, because a sweep found it, or because nothing was recorded of the time before. `aggregate`: laid out by
 * ClickUp's totals, so of a status only how long in all and since when at first is right.
 */
export type Precision = 'exact' | 'interval' | 'aggregate'

/** A stretch of time in which a task was in one status. Times are ms since 1970; the intervals of a task tile its life. */
export type StatusInterval = {
  taskId: string
  status: string
  /** ClickUp's type of it; `null` where nobody said. */
  statusType: string | null
  from: number
  /** `null` while it lasts. */
  to: number | null
  /** Who brought it there; `null` where nobody said. */
  actor: Person | null
  precision: Precision
  fromEarliest: number
  fromLatest: number
}
