import type { Job } from './job.ts'

/** What becomes of a job that arrives: it is worked off, sent anew for later, or dropped because another one comes anyway. */
export type Arrival = 'work' | 'later' | 'drop'

/**
 * A schedule goes on while nobody works its jobs off. So one of the clock's that is older than its interval is dropped: the next is
 * on the queue, and a run covers all the time since the last. In a pause that is true of all of them; what else somebody has asked
 * for, or a run that goes on, waits.
 *
 * @param sentAt ms since 1970, null where nobody knows
 */
export function arrivalOf(
  { reason, run, everyMinutes }: Job,
  { sentAt, now, paused }: { sentAt: number | null; now: number; paused: boolean },
): Arrival {
  const isScheduled = reason === 'schedule' && run === undefined
  if (paused) return isScheduled ? 'drop' : 'later'
  const isLate = sentAt !== null && everyMinutes !== undefined && now - sentAt > everyMinutes * 60_000
  return isScheduled && isLate ? 'drop' : 'work'
}
