import { isIncident } from '../../status/clickup-page.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { DoctorServices } from '../services.ts'

const MINUTE = 60_000
/** It is taken every five minutes. */
const LATE_MS = 11 * MINUTE

/** Whether the stage's pulse is taken: without it most alarms have nothing to go by. */
export function pulse({ status: { pulse: last }, clock }: DoctorServices): Said {
  const advice = 'See that its rule is enabled (EventBridge) and what the function pulse logs.'
  if (last === null) return warn('It has not been taken yet.', `It comes every five minutes. ${advice}`)
  const minutes = Math.round((clock.now() - last.at) / MINUTE)
  return clock.now() - last.at > LATE_MS
    ? fail(`It was last taken ${minutes} min ago.`, advice)
    : pass(`Taken ${minutes} min ago.`)
}

/** What ClickUp's own page says of it. */
export function clickUpStatus({ status: { clickup } }: DoctorServices): Said {
  const page = clickup?.page ?? null
  if (page === null) return skip('Its page was not read yet, or is not asked for.')
  const names = page.incidents.length === 0 ? '' : `: ${page.incidents.join('; ')}`
  return isIncident(page)
    ? warn(`ClickUp says ${page.says || page.state}${names}.`, 'Nothing to do here: what cannot be read waits.')
    : pass(`ClickUp says ${page.says || page.state}.`)
}
