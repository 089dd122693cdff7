import type { Webhook } from '../clickup/webhooks.ts'
import type { Slot } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { GapCause } from '../sync/gaps.ts'
import type { Fault } from '../upstream/fault.ts'
import type { Finding } from './assess.ts'
import { type MakeServices, make } from './make.ts'
import type { Session } from './state.ts'

export type ActServices = MakeServices & {
  connection: string
  /** Whose token the API is asked with. */
  userId: string
  log: Log
}

/** A run under the lock, and what came of it so far. */
export type Run = {
  session: Session
  services: ActServices
  /** The ids of the webhooks as they were when it began. */
  listed: ReadonlySet<string>
  /** The webhooks as they are after what was done so far. */
  current: Map<string, Webhook>
  done: string[]
  problems: string[]
  inTheWay: Webhook[]
  refused: string | null
  waiting: number | null
  /** By slot, what was mended in this run. */
  mended: Partial<Record<Slot, GapCause | 'made'>>
}

/** Carries out what is to be done about a finding. The fault that ended it, if one did. */
export async function carryOut(finding: Finding, run: Run): Promise<Fault | null> {
  const { act, what, cause } = finding
  const { api, signing, urls } = run.services
  switch (act.kind) {
    case 'update': {
      const updated = await api.update(act.webhook.id, urls[act.slot], 'all')
      if (updated.kind !== 'ok') return refusal(updated, `${what} and could not be set right`, run)
      run.current.set(updated.value.id, updated.value)
      run.mended[act.slot] = cause ?? 'made'
      note(run, finding, `${what}; it was set right and activated`)
      return null
    }
    case 'adoptSecret':
      await signing.put(act.slot, { webhookId: act.webhook.id, secret: act.webhook.secret, state: 'active' })
      note(run, finding, `${what}; ClickUp's was taken over`)
      return null
    case 'remove': {
      const removed = await api.remove(act.webhook.id)
      if (removed.kind !== 'ok') return refusal(removed, `${what} and could not be deleted`, run)
      run.current.delete(act.webhook.id)
      if (act.slot !== null) await signing.put(act.slot, null)
      note(run, finding, `${what}; it was deleted`)
      return null
    }
    case 'forget':
      await signing.put(act.slot, null)
      note(run, finding, `${what}; the slot was emptied`)
      return null
    case 'leave':
      run.problems.push(`${what}; it is left as it is until somebody has looked`)
      return null
    case 'make':
    case 'continue':
      return build(finding, run)
  }
}

/** What ClickUp will refuse again is a problem to be reported; anything else ends the run. */
function refusal(fault: Fault, what: string, run: Run): Fault | null {
  if (fault.kind !== 'invalid' && fault.kind !== 'gone' && fault.kind !== 'noAccess') return fault
  run.problems.push(`${what}: ClickUp refused (${fault.kind === 'invalid' ? fault.reason : fault.kind})`)
  return null
}

async function build(finding: Finding, run: Run): Promise<Fault | null> {
  const { session, services, current } = run
  const { act, what, cause } = finding
  const { clock, userId } = services
  if (act.kind === 'make') {
    const { slot, replaces } = act
    const begun = { slot, since: clock.now(), userId, cause, replaces, webhookId: null, readyAt: null }
    await session.save({ intent: begun })
  } else if (act.kind === 'continue' && session.state.intent?.userId !== userId && session.state.intent !== null) {
    await session.save({ intent: { ...session.state.intent, userId, webhookId: null, readyAt: null } })
  }
  const { intent } = session.state
  if (intent === null) return null
  const made = await make(session, intent, [...current.values()], services)
  if (intent.replaces !== null) current.delete(intent.replaces)
  switch (made.kind) {
    case 'made':
      current.set(made.webhook.id, made.webhook)
      run.mended[intent.slot] = intent.cause ?? 'made'
      await session.save({ intent: null })
      note(run, finding, `${what}; it hears of every event now, in slot ${intent.slot}`)
      return null
    case 'waiting':
      run.waiting = made.until
      if (act.kind === 'make') note(run, finding, `${what}; it is being made in slot ${intent.slot}`)
      else run.done.push(`A webhook is being made in slot ${intent.slot}`)
      return null
    case 'inTheWay':
      run.inTheWay = made.webhooks
      run.problems.push(`${what}; ClickUp refuses one beside another of the same user (OAUTH_171)`)
      return null
    case 'refused':
      run.refused = made.reason
      run.problems.push(`${what}; ClickUp refuses to make one: ${made.reason}`)
      return null
    case 'unreachable':
      return made.fault
  }
}

function note(run: Run, { act, cause }: Finding, sentence: string): void {
  const { services, done } = run
  const { connection, log } = services
  done.push(sentence)
  const webhookId = 'webhook' in act ? act.webhook.id : undefined
  const slot = 'slot' in act ? act.slot : undefined
  log.warn(run.waiting === null ? 'A webhook was mended' : 'A webhook is being made', {
    connection,
    slot,
    webhookId,
    cause,
    act: act.kind,
    detail: sentence,
  })
}
