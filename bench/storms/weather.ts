import type { Faults } from '../../local/clickup/faults.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** ClickUp as it is: reads lag, a page takes its time, some tasks lie in the archive, and a comment moves no date. */
export const USUAL_WEATHER: Partial<Faults> = {
  readLagMs: 3 * SECOND,
  archivedTasks: 0.05,
  commentsKeepDateUpdated: true,
  latencyMs: { min: 150, max: 400 },
  pageLatencyMs: { min: 1_600, max: 2_000 },
}
