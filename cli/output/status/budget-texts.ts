import type { UpstreamStatus } from '../../../core/upstream/status.ts'
import { plain } from '../text.ts'
import { agoText, type TimeStyle, timeText } from '../time.ts'
import type { Pen } from './level.ts'

export function budgetText({ budget }: UpstreamStatus, style: TimeStyle): string {
  const [window] = budget
  if (window === undefined) return 'ClickUp was not asked yet'
  const { limit, left, endsAt, refusedUntil, learned } = window
  const ends = timeText(endsAt, style)
  const known = learned === null ? '' : `; ClickUp let through no more, although it tells ${window.told ?? 'no limit'}`
  if (refusedUntil !== null)
    return `none of ${limit} calls left until ${ends}: ClickUp refused one for its rate${known}`
  if (endsAt <= style.now) return `${limit} calls a minute, all left${known}`
  return `${left} of ${limit} calls left until ${ends}${known}`
}

export function breakerText({ breaker }: UpstreamStatus, { paint, style }: Pen): string {
  if (breaker.state === 'closed') return paint('green', 'up')
  const { since, nextProbeAt } = breaker
  return `${paint('red', 'down')} since ${pastText(since, style)}, ${nextText('asked again', nextProbeAt, style)}`
}

export function tokenText({ token }: UpstreamStatus, { paint, style }: Pen): string {
  if (token.state === 'accepted') return paint('green', 'accepted')
  const { since, code, nextTryAt } = token
  const next = nextText('tried again', nextTryAt, style)
  return `${paint('red', 'refused')} (${plain(code)}) since ${pastText(since, style)}, ${next}; a new token at once`
}

const pastText = (at: number, style: TimeStyle) => `${timeText(at, style)} (${agoText(at, style.now)})`

/** What is due is done by the next work that comes. */
const nextText = (what: string, at: number, style: TimeStyle) =>
  at <= style.now ? `${what} with the next work` : `${what} at ${timeText(at, style)}`
