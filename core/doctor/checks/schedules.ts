import { watermarkOf } from '../../status/connection.ts'
import { watermarkLevel } from '../../status/verdict.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Each as long as its schedule, and as much again. */
const GUARD_LATE_MS = 11 * MINUTE
const SWEEP_LATE_MS = 31 * MINUTE
const CENSUS_LATE_MS = 26 * HOUR

const age = (at: number, now: number) => {
  const minutes = Math.round((now - at) / MINUTE)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

/** Whether guard, sweep and census come when they should. */
export function schedules({ record, status }: Patient, now: number): Said {
  const since = record.connectedAt ?? 0
  const jobs = [
    ...(record.mode === 'poll'
      ? []
      : [{ what: 'guard', at: status.webhooks?.report?.at ?? null, late: GUARD_LATE_MS }]),
    { what: 'sweep', at: status.sweep?.startedAt ?? null, late: SWEEP_LATE_MS },
    { what: 'census', at: status.census?.startedAt ?? null, late: CENSUS_LATE_MS },
  ]
  // What was connected a moment ago has not been visited yet.
  const late = jobs.filter(({ at, late: limit }) => now - Math.max(at ?? 0, since) > limit)
  if (late.length > 0) {
    const told = late.map(({ what, at }) => `the ${what} ${at === null ? 'never came' : `came ${age(at, now)} ago`}`)
    return fail(
      `${capital(told.join(', '))}.`,
      'See that the rules are enabled (EventBridge) and what the functions log; after a resume they come by themselves.',
    )
  }
  const told = jobs.map(({ what, at }) => `${what} ${at === null ? 'is yet to come' : `${age(at, now)} ago`}`)
  const watermark = watermarkOf(status)
  switch (watermarkLevel(status, now)) {
    case 'red':
      return fail(
        'Sweeps begin and do not end: the watermark stands.',
        'See npx hookline status for what holds them up.',
      )
    case 'amber':
      return watermark === null
        ? skip(`${capital(told.join(', '))}; the first sweep is yet to end.`)
        : warn(`The watermark is ${age(watermark, now)} old.`, 'See npx hookline status; npx hookline sync sweeps now.')
    default:
      return pass(`${capital(told.join(', '))}.`)
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
