import type { StatusTimes } from '../status-times.ts'
import type { StatusChange } from './status-changes.ts'
import type { StatusInterval } from './status-interval.ts'

type Stretch = Pick<StatusInterval, 'status' | 'from' | 'to' | 'precision' | 'fromEarliest' | 'fromLatest'>

export type BeforeTheLedger = {
  bornAt: number
  told: readonly StatusChange[]
  times: StatusTimes | null
  /** The status that the task shows now. */
  status: string | null
}

const MINUTE = 60_000

/** The statuses of a task from its making to the first change that the ledger has of it; to now where it has none. */
export function beforeTheLedger({ bornAt, told, times, status }: BeforeTheLedger): Stretch[] {
  const first = told[0]
  // It was made under our eyes.
  if (first?.isBirth) return []
  const end = first?.at ?? null
  if (end !== null && end <= bornAt) return []
  const last = first === undefined ? (status ?? times?.current.status ?? null) : (first.from ?? first.to).name
  if (times !== null && times.history.length > 0) return laidOut(bornAt, end, last, told, times)
  if (last === null) return []
  // Nobody has counted: it may have had others.
  return [
    { status: last, from: bornAt, to: end, precision: 'interval', fromEarliest: bornAt, fromLatest: end ?? bornAt },
  ]
}

/**
 * ClickUp's totals less what the ledger knows, one after the other by when the task was in them at first, the last one last.
 * They are stretched to fit: minutes are rounded down, and statuses of a list that it has left are not counted.
 */
function laidOut(
  bornAt: number,
  end: number | null,
  last: string | null,
  told: readonly StatusChange[],
  times: StatusTimes,
): Stretch[] {
  const final = last ?? times.current.status
  const known = knownIn(told, times.asOf)
  const left = times.history
    .map(({ status, minutes, since, orderindex }) => ({
      status,
      ms: Math.max(0, minutes * MINUTE - (known.get(status) ?? 0)),
      since,
      orderindex,
    }))
    .filter(({ status, ms }) => ms >= MINUTE || status === final)
    .sort(
      (a, b) =>
        Number(a.status === final) - Number(b.status === final) ||
        (a.since ?? Number.POSITIVE_INFINITY) - (b.since ?? Number.POSITIVE_INFINITY) ||
        (a.orderindex ?? 0) - (b.orderindex ?? 0),
    )
  if (!left.some(({ status }) => status === final)) left.push({ status: final, ms: 0, since: null, orderindex: null })
  const until = end ?? Math.max(times.asOf, bornAt)
  const sum = left.reduce((total, { ms }) => total + ms, 0)
  const scale = sum === 0 ? 0 : (until - bornAt) / sum
  let at = bornAt
  return left.map(({ status, ms, since }, i) => {
    const from = Math.min(at, until)
    at = Math.round(at + ms * scale)
    const entered = since ?? from
    const isLast = i === left.length - 1
    return {
      status,
      from,
      to: isLast ? end : Math.min(at, until),
      precision: 'aggregate',
      fromEarliest: Math.min(entered, from),
      fromLatest: Math.max(entered, from),
    }
  })
}

/** What the ledger has of each status until the totals were read. */
function knownIn(told: readonly StatusChange[], asOf: number): Map<string, number> {
  const known = new Map<string, number>()
  for (const [i, { to, at }] of told.entries()) {
    const ms = Math.max(0, Math.min(told[i + 1]?.at ?? asOf, asOf) - at)
    known.set(to.name, (known.get(to.name) ?? 0) + ms)
  }
  return known
}
