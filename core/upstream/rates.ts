import * as z from 'zod'
import type { Exchange } from './exchange.ts'
import type { Provider, WindowSpec } from './provider.ts'

/** What one answer said of one window of the provider's limit. */
export type Report = {
  window: string
  limit: number
  remaining: number
  /** When the window ends: not before the one and not after the other (ms since 1970, our clock). */
  ends: Span
}

export type Span = { earliest: number; latest: number }

export type Told = {
  reports: readonly Report[]
  /** Headers that were missing, negative or absurd. */
  ignored: number
  /** When a refused call may be made again (ms since 1970, our clock), as far as the answer says. */
  retryAt: number | null
  /** When the windows end at the latest of which that was told, and perhaps nothing else. */
  resetAt: number | null
}

/** What no answer says. */
export const NOTHING_TOLD: Told = { reports: [], ignored: 0, retryAt: null, resetAt: null }

type Answered = Pick<Extract<Exchange, { kind: 'answered' }>, 'headers' | 'startedAt' | 'answeredAt' | 'ahead'>

const MAX_LIMIT = 1e6
/** A longer wait than this is a mistake, and believing it would stop everything. */
const MAX_WAIT_MS = 86_400_000

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .nullable()
  .catch(null)

/** Reads what an answer says of the provider's limits; what cannot be right is left out and counted. */
export function readRates({ windows, retryAfter }: Provider, answer: Answered): Told {
  const told = windows.flatMap((window) => (window.headers === null ? [] : [reportOf(window, window.headers, answer)]))
  const wait = retryAfter === null ? null : answer.headers.get(retryAfter)
  const retryAt = wait === null ? null : waitEnd(wait, answer)
  const resets = told.flatMap(({ resetAt }) => resetAt ?? [])
  return {
    reports: told.flatMap(({ report }) => (report === null ? [] : [report])),
    ignored: told.reduce((sum, { ignored }) => sum + ignored, wait !== null && retryAt === null ? 1 : 0),
    retryAt,
    resetAt: resets.length > 0 ? Math.max(...resets) : null,
  }
}

/** When a call that was refused for its rate may be made again: what was told, else as long as the longest window lasts. */
export function retryAtOf({ retryAt, resetAt, reports }: Told, windows: readonly WindowSpec[], now: number): number {
  const spent = reports.filter(({ remaining }) => remaining === 0).map(({ ends }) => ends.latest)
  const end = spent.length > 0 ? Math.max(...spent) : resetAt
  return Math.max(retryAt ?? end ?? now + longest(windows), now + 1000)
}

const longest = (windows: readonly WindowSpec[]) => Math.max(1000, ...windows.map(({ ms }) => ms))

function reportOf(window: WindowSpec, names: NonNullable<WindowSpec['headers']>, answer: Answered) {
  const number = (name: string) => count.parse(answer.headers.get(name))
  const [limit, remaining, reset] = [number(names.limit), number(names.remaining), number(names.reset)]
  const fine = {
    limit: limit !== null && limit >= 1 && limit <= MAX_LIMIT,
    remaining: remaining !== null && remaining <= (limit ?? MAX_LIMIT),
    reset: reset !== null && fits(endsOf(reset, names.resetIs, answer), window, answer),
  }
  const ignored = Object.values(fine).filter((ok) => !ok).length
  const report: Report | null =
    ignored > 0 || limit === null || remaining === null || reset === null
      ? null
      : { window: window.name, limit, remaining, ends: endsOf(reset, names.resetIs, answer) }
  return { report, ignored, resetAt: reset !== null && fine.reset ? endsOf(reset, names.resetIs, answer).latest : null }
}

/**
 * A reset since 1970 is in seconds, rounded up (one secondary source says milliseconds of ClickUp's, so both are read). How
 * a number of seconds from now was rounded, nobody says.
 */
function endsOf(reset: number, resetIs: 'epoch' | 'wait', { startedAt, answeredAt, ahead }: Answered): Span {
  if (resetIs === 'wait') return { earliest: startedAt + (reset - 1) * 1000, latest: answeredAt + (reset + 1) * 1000 }
  const at = reset > 1e12 ? reset : reset * 1000
  return { earliest: at - 1000 - ahead.atMost, latest: at - ahead.atLeast }
}

/** Neither over for longer than a window nor further away than two of them. */
const fits = ({ earliest, latest }: Span, { ms }: WindowSpec, { startedAt, answeredAt }: Answered) =>
  latest >= startedAt - ms && earliest <= answeredAt + 2 * ms

function waitEnd(text: string, { answeredAt, ahead }: Answered): number | null {
  const seconds = count.parse(text)
  const at = seconds === null ? Date.parse(text) - ahead.atLeast : answeredAt + seconds * 1000
  return Number.isFinite(at) && at >= answeredAt - MAX_WAIT_MS && at <= answeredAt + MAX_WAIT_MS ? at : null
}
