import { faultText } from '../../guard/fault-text.ts'
import type { Slot } from '../../platform/connections.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

const SLOTS: readonly Slot[] = ['a', 'b']
/** At 100 ClickUp suspends a webhook: https://developer.clickup.com/docs/webhookhealth */
const MANY_FAILURES = 10

/** Whether a webhook of ours is there, active, at our address and for every event. */
export function webhooks({ asked, record, looks }: Patient): Said {
  const { webhooks: answer } = asked
  if (record.mode === 'poll') return skip('The connection does without webhooks, by choice.')
  if (!seesWorkspace(asked, record)) return skip('It takes a token that sees the workspace.')
  if (answer.kind !== 'ok') return fail('Which webhooks there are cannot be told.', faultText(answer))
  const urls = new Set(SLOTS.map(looks.url))
  const ours = answer.value.filter(({ endpoint }) => urls.has(endpoint))
  const repair = 'Run npx hookline connect again; the guard mends it within five minutes otherwise.'
  if (ours.length === 0) return fail(`None of ${answer.value.length} webhooks posts to this stage.`, repair)
  const active = ours.filter(({ status }) => status === 'active')
  if (active.length === 0)
    return fail(`ClickUp calls it ${ours.map(({ status }) => status).join(' and ')}, not active.`, repair)
  if (!active.some(({ events, whole }) => events === 'all' && whole))
    return fail('It hears of some events, or of some places, only.', repair)
  const failures = Math.max(...active.map(({ failCount }) => failCount))
  if (failures > MANY_FAILURES)
    return warn(
      `ClickUp has given up ${failures} deliveries; at 100 it suspends the webhook.`,
      'Look for what was refused, failed or came too late: the saved queries RefusedDeliveries, UnansweredDeliveries and SlowestDeliveries.',
    )
  return pass('Active, at this stage’s address, for every event.')
}

/** Else nothing is wrong with the webhooks but that nobody here may see them. */
const seesWorkspace = ({ account }: Patient['asked'], { workspaceId }: Patient['record']) =>
  account.kind === 'ok' && account.value.workspaces.some(({ id }) => id === workspaceId)
