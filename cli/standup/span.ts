import type { ReportSettings } from '../../core/report/settings.ts'
import type { Span } from '../../core/standup/material.ts'
import { spanOf } from '../../core/standup/span.ts'
import { Failure } from '../failure.ts'

const MINUTE = 60_000

/**
 * What is told where no summary of the config is asked for: from the same time of the working day before, so that on a Monday
 * Friday is told, too.
 * @throws Failure for a time with nothing in it
 */
export function spanAsked(
  { since, until }: { since?: number | undefined; until?: number | undefined },
  { timeZone, workingDays }: Pick<ReportSettings, 'timeZone' | 'workingDays'>,
  now: number,
): Span {
  const end = until ?? now
  const from = since ?? dayBefore(end, timeZone, workingDays)
  if (from >= end) throw new Failure('The time is empty: --since has to be before --until.')
  return { from, until: end, timeZone }
}

function dayBefore(end: number, timeZone: string, days: readonly string[]): number {
  // Whole minutes, because a time of the day has no more.
  const minute = Math.floor(end / MINUTE) * MINUTE
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return spanOf({ timeZone, days, at: clock.format(minute) }, minute).from
}
