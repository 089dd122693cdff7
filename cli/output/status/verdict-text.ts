import type { Rotated } from '../../../core/rotation/report.ts'
import { type ConnectionStatus, type Thing, watermarkOf } from '../../../core/status/connection.ts'
import type { Matter, Verdict } from '../../../core/status/verdict.ts'
import { pairsText } from '../table.ts'
import { plain } from '../text.ts'
import { agoText, durationText, type TimeStyle, timeText } from '../time.ts'
import { colourOf, type Pen } from './level.ts'

/** So many are told at the top; the others show where they belong. */
const TOLD = 2

/** The verdict, in one line when all is well: what matters most first, each on a line of its own. */
export function verdictText(
  { level, matters }: Verdict,
  connections: readonly ConnectionStatus[],
  { paint, style, width }: Pen & { width: number | undefined },
): string {
  if (level === 'well') return `${paint('green', 'All is well')}: ${promiseText(connections, style)}\n`
  const several = connections.length > 1
  const lines = matters.slice(0, TOLD).map((matter) => {
    const of = several && matter.connection !== null ? `${matter.connection}: ` : ''
    return paint(colourOf(matter.level), plain(`${of}${matterText(matter, style)}`))
  })
  const more = matters.length - lines.length
  if (more > 0) lines.push(`and ${more} more below`)
  return pairsText(
    lines.map((line, i) => [i === 0 ? 'Look here:' : '', line]),
    { width, paint, style: 'bold' },
  )
}

function promiseText(connections: readonly ConnectionStatus[], style: TimeStyle): string {
  const oldest = Math.min(...connections.map((each) => watermarkOf(each) ?? Number.POSITIVE_INFINITY))
  if (!Number.isFinite(oldest)) return 'there is no connection.'
  return `all recoverable before ${timeText(oldest, style)} (${agoText(oldest, style.now)}) is there.`
}

/** What is not as it should be, and what to do where that is not obvious; without the connection's name. */
export function matterText(matter: Matter, style: TimeStyle): string {
  const ago = (at: number) => agoText(at, style.now)
  const noted = (note: string | null) => (note === null ? '' : `: ${note}`)
  switch (matter.kind) {
    case 'paused': {
      const why = matter.reason === null ? '' : ` (${matter.reason})`
      return `paused ${ago(matter.since)} by ${matter.by}${why}: nothing is done and ClickUp is not asked until npx hookline resume`
    }
    case 'notConnected':
      return 'not connected yet: npx hookline connect'
    case 'unreadable':
      return unreadableText(matter.thing)
    case 'tokenRefused':
      return `ClickUp refuses the token (${matter.code}) since ${ago(matter.since)}: bring a new one with npx hookline rotate token`
    case 'clickupDown':
      return `ClickUp does not answer since ${ago(matter.since)}`
    case 'webhook':
      return matter.findings.join('; ') || 'the webhook is not well'
    case 'guardLate':
      return matter.lastAt === null
        ? 'nobody has looked after the webhook yet: see the log of the guard'
        : `nobody has looked after the webhook for ${durationText(style.now - matter.lastAt)}: see the log of the guard`
    case 'quarantine':
      return `${matter.messages} ${matter.messages === 1 ? 'message lies' : 'messages lie'} in quarantine`
    case 'censusHalted':
      return `the census was halted${noted(matter.note)}`
    case 'watermark':
      return matter.at === null
        ? 'no watermark yet: no sweep has come to its end'
        : `the watermark stands still for ${durationText(style.now - matter.at)}`
    case 'openGap':
      return `deliveries may be missing since ${ago(matter.from)}: npx hookline gaps`
    case 'stopped':
      return `the ${matter.job} has stopped${noted(matter.note)}`
    case 'stuck':
      return `the ${matter.job} has not moved for ${durationText(style.now - matter.movedAt)}${noted(matter.note)}`
    case 'censusLate':
      return matter.lastAt === null ? 'no census yet' : `no census for ${durationText(style.now - matter.lastAt)}`
    case 'rotationFailed':
      return `${ROTATED[matter.rotated]} failed ${ago(matter.at)}: ${matter.detail}`
    case 'rotationStuck':
      return `${ROTATED[matter.rotated]} has not moved for ${durationText(style.now - matter.movedAt)}: npx hookline rotate ${matter.rotated}${matter.rotated === 'token' ? ' --test' : ''}`
    case 'deliveriesWait':
      return `deliveries wait since ${ago(matter.since)} to be worked off`
  }
}

const ROTATED: Readonly<Record<Rotated, string>> = {
  signing: 'the rotation of the signing secret',
  token: 'the rotation of the token',
}

/** What an item is called, and what says more of it or mends it. */
const THINGS: Readonly<Record<Thing, readonly [string, string | null]>> = {
  connection: ['the connection', 'npx hookline connect'],
  hierarchy: ['the places', null],
  webhooks: ['the webhooks', 'the guard writes it anew'],
  intake: ['the deliveries under way', null],
  sweep: ['the sweep', 'npx hookline sync says what to do'],
  census: ['the census', 'npx hookline sync --census says what to do'],
  backfill: ['the backfill', 'npx hookline backfill says what to do'],
  gaps: ['the gaps', null],
  upstream: ['the budget', null],
}

/** What is stored and none of ours, as a sentence that says what to do. */
export function unreadableText(thing: Thing): string {
  const [what, next] = THINGS[thing]
  return `what is stored of ${what} cannot be read (half written, or of another version)${next === null ? '' : `: ${next}`}`
}
