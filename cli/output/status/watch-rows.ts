import { isIncident, type StatusPage } from '../../../core/status/clickup-page.ts'
import type { Pulse } from '../../../core/status/pulse.ts'
import type { Status } from '../../../core/status/status.ts'
import { plain } from '../text.ts'
import { agoText, durationText } from '../time.ts'
import type { Row } from './connection-rows.ts'
import type { Pen } from './level.ts'

/** The pulse comes every five minutes. */
const LATE_MS = 15 * 60_000

/** What is looked at every five minutes: how the stage does, and what ClickUp says of itself. */
export function watchRows({ pulse, clickup }: Pick<Status, 'pulse' | 'clickup'>, pen: Pen): Row[] {
  const page = clickup?.page ?? null
  const rows: Row[] = [['pulse', pulseText(pulse, pen)]]
  if (page !== null) rows.push(['ClickUp says', pageText(page, pen)])
  if (clickup !== null && clickup.failure !== null)
    rows.push(['', pen.paint('yellow', plain(`its status page cannot be read: ${clickup.failure}`))])
  return rows
}

function pulseText(pulse: Pulse | null, { paint, style }: Pen): string {
  if (pulse === null) return 'not taken yet; it comes every 5 minutes'
  const { at, seen } = pulse
  const when = `taken ${agoText(at, style.now)}`
  const quiet =
    seen.quietMs === null || seen.quietMs === 0 ? '' : `, ${durationText(seen.quietMs)} of work without a delivery`
  return `${style.now - at > LATE_MS ? paint('yellow', when) : when}${quiet}`
}

function pageText(page: StatusPage, { paint, style }: Pen): string {
  const names = page.incidents.length === 0 ? '' : `: ${page.incidents.join('; ')}`
  const said = plain(`${page.says || page.state}${names}`)
  return `${isIncident(page) ? paint('red', said) : said} (${agoText(page.at, style.now)})`
}
