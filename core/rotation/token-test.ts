import * as z from 'zod'
import { type Account, readAccount, readUser } from '../clickup/account.ts'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import { createWebhooks } from '../clickup/webhooks.ts'
import { faultText } from '../guard/fault-text.ts'
import type { SigningStore } from '../guard/signing-store.ts'
import { loadWebhooks, type WebhookRotation } from '../guard/state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Answer, Fault } from '../upstream/fault.ts'
import type { Failed } from './outcomes.ts'
import { type Patience, patiently } from './patience.ts'
import type { Reporter } from './reporter.ts'
import { misfitOf, refusalText } from './token-texts.ts'
import type { Trial } from './token-trial.ts'

export type TestServices = {
  connection: string
  state: Parameters<typeof loadWebhooks>[0]
  signing: Pick<SigningStore, 'read'>
  report: Pick<Reporter, 'running'>
  patience: Patience
  clock: Clock
}

export type Passed = {
  kind: 'passed'
  user: Account['user']
  /** Whether it is another user's, who takes the connection over. */
  takesOver: boolean
  /** Whether it shows the webhook that is to be looked after with it, if there is one. */
  sees: boolean
  /** The replacement of the webhook that this rotation has begun. */
  replacing: WebhookRotation | null
}

/** Asks ClickUp whether the connection can live with a token: whose it is, what it sees. Changes nothing. */
export async function testToken(
  trial: Trial,
  record: ConnectionRecord | null,
  services: TestServices,
): Promise<Passed | Failed> {
  const { run, clickup } = trial
  const replacing = await replacementOf(run, services)
  if (record === null) {
    const who = await ask(trial, services, () => readUser(clickup))
    if (who.kind !== 'ok') return who
    return { kind: 'passed', user: who.value, takesOver: false, sees: true, replacing }
  }
  const account = await ask(trial, services, () => readAccount(clickup))
  if (account.kind !== 'ok') return account
  const { user } = account.value
  const misfit = misfitOf(trial, record, account.value)
  if (misfit !== null) return { kind: 'failed', reason: misfit }
  const passed = { kind: 'passed', user, takesOver: user.id !== record.userId, replacing } as const
  if (record.mode === 'poll') return { ...passed, sees: true }
  const listed = await ask(trial, services, createWebhooks(clickup, record.workspaceId).list)
  if (listed.kind !== 'ok') return listed
  const { slots } = await services.signing.read()
  const wanted =
    replacing === null ? [slots.a, slots.b].find((entry) => entry?.state === 'active') : slots[replacing.to]
  const id = wanted?.webhookId ?? null
  return { ...passed, sees: id === null || listed.value.some((webhook) => webhook.id === id) }
}

/** The replacement of the webhook that a rotation has begun and that nobody has given up. */
export async function replacementOf(
  run: string,
  { state, connection }: Pick<TestServices, 'state' | 'connection'>,
): Promise<WebhookRotation | null> {
  try {
    const rotation = (await loadWebhooks(state, connection))?.rotation ?? null
    return rotation?.run === run ? rotation : null
  } catch (error) {
    // What cannot be read is begun anew by whoever takes the lock, and knows of no rotation then.
    if (error instanceof z.ZodError) return null
    throw error
  }
}

/** Asks until there is an answer that says something of the token, or the time is over. */
export const ask = <Value>(
  { run, isCopy }: Pick<Trial, 'run' | 'isCopy'>,
  { report, patience, clock }: Pick<TestServices, 'report' | 'patience' | 'clock'>,
  question: () => Promise<Answer<Value>>,
) =>
  patiently<Extract<Answer<Value>, { kind: 'ok' }> | Failed>(patience, clock, async () => {
    const answer = await question()
    if (answer.kind === 'ok') return answer
    if (!passes(answer)) return { kind: 'failed', reason: refusalText(isCopy, answer) }
    const why = answer.kind === 'tokenDead' ? 'a call of a moment ago is still to tell of it.' : faultText(answer)
    const reason = `The ${isCopy ? 'token in use' : 'new token'} could not be tested: ${why}`
    await report.running(run, reason)
    return { kind: 'again', reason }
  })

/** Whether the same question may have an answer later. A token that was not asked for was not refused. */
const passes = (fault: Fault) =>
  fault.kind === 'unavailable' ||
  fault.kind === 'rateLimited' ||
  fault.kind === 'outOfTime' ||
  (fault.kind === 'tokenDead' && fault.until !== null)
