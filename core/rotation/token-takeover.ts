import { readPlan, readUser } from '../clickup/account.ts'
import type { ClickUp } from '../clickup/client.ts'
import { type ConnectionRecord, changeUser } from '../clickup/connection-record.ts'
import type { Log } from '../platform/log.ts'
import type { Versions } from '../secrets/versions.ts'
import type { Failed } from './outcomes.ts'
import type { Replace } from './replace.ts'
import type { Reporter } from './reporter.ts'
import { ask, type Passed, replacementOf, type TestServices, testToken } from './token-test.ts'
import { GIVEN_UP } from './token-texts.ts'
import type { Trial } from './token-trial.ts'

/** Who makes the new webhook, and whose is replaced. */
type Whose = { workspaceId: string; userId: string; formerUserId: string }

export type TakeoverServices = TestServices & {
  versions: Pick<Versions, 'promote'>
  /** Makes the webhooks anew with the client of the new token. */
  replace(clickup: Pick<ClickUp, 'get' | 'send'>, whose: Whose): Replace
  report: Reporter
  log: Log
}

/** A token on trial, and the connection as it was made so far. */
export type Candidate = { trial: Trial; record: ConnectionRecord }

/**
 * Brings a connection over to another user: a webhook is listed only with a token of the user who has made it, so it is made
 * anew, as a rotation of its secret does it.
 *
 *     webhook made anew ─▶ tested ─▶ token promoted ─▶ record ─▶ old webhook retires
 *
 * The promotion decides. Before it nothing is in force that a failure would have to take back, but a webhook beside the old one,
 * and what the rotation cannot take back of that the guard clears away. After it nothing is taken back: what is missing is made
 * up for by the same step, which looks what was done. Were the record written first, and the token refused just then, the record
 * would stay with a user whose token never came into force, and every later test would refuse the one that is. If nobody comes
 * after the promotion, the guard finds the new webhook with the new token and makes it active, and the next test by the schedule
 * writes the record: the copy of a token that may take over may do so, too.
 */
export function createTakeover(services: TakeoverServices) {
  const { connection, versions, state, report, log } = services

  const replaceFor = ({ trial, record }: Candidate, userId: string) =>
    services.replace(trial.clickup, { workspaceId: record.workspaceId, userId, formerUserId: record.userId })

  /** What is to be known before the promotion: afterwards only whose token it is. */
  async function examine({ trial, record }: Candidate, promoted: boolean): Promise<Passed['user'] | Failed> {
    if (promoted) {
      const who = await ask(trial, services, () => readUser(trial.clickup))
      return who.kind === 'ok' ? who.value : who
    }
    const tested = await testToken(trial, record, services)
    if (tested.kind === 'failed') return tested
    return tested.takesOver && !tested.sees ? { kind: 'failed', reason: GIVEN_UP } : tested.user
  }

  return {
    /** Makes the webhook anew, unless it is shown with the token already. Null when that is done, or not needed. */
    async make(candidate: Candidate, { user, takesOver, sees, replacing }: Passed): Promise<Failed | null> {
      const { run } = candidate.trial
      if (!takesOver || (sees && replacing === null)) return null
      const replace = replaceFor(candidate, user.id)
      await report.running(run, `A webhook of ${user.name} is being made.`)
      const begun = await replace.begin(run)
      if (begun.kind !== 'begun') return begun.kind === 'none' ? null : begun
      const completed = await replace.complete(run, (until) =>
        report.running(run, 'Waiting until every verifier knows the secret of the new webhook.', until),
      )
      return completed.kind === 'ready' ? null : completed
    },

    /** Whether the webhook that was made is still there and its deliveries are accepted. */
    async test(candidate: Candidate, { user, sees, replacing }: Passed): Promise<Failed | null> {
      const tested = replacing === null ? null : await replaceFor(candidate, user.id).test(candidate.trial.run)
      if (tested?.kind === 'failed') return tested
      return sees ? null : { kind: 'failed', reason: GIVEN_UP }
    },

    /** Puts token and user in force. @returns what there is to be told beside it. @throws Error after the promotion */
    async finish(candidate: Candidate, promoted: boolean): Promise<{ kind: 'over'; told: string } | Failed> {
      const { trial, record } = candidate
      const { run, isCopy, clickup } = trial
      const { workspaceId } = record
      const examined = await examine(candidate, promoted)
      if ('reason' in examined && promoted) throw new Error(examined.reason)
      if ('reason' in examined) return examined
      const { id: userId, name: userName } = examined
      const plan = await readPlan(clickup, workspaceId)

      if (!isCopy) await versions.promote(run)
      if (userId !== record.userId) {
        const limit = plan?.callsPerMinute == null ? {} : { callsPerMinute: plan.callsPerMinute }
        if (!(await changeUser(state, connection, { workspaceId, userId, userName, ...limit })))
          log.warn('The connection was taken down while its token was taken over', { connection })
      }
      const told = ` It is that of ${userName} (${userId}).`
      if ((await replacementOf(run, services)) === null) return { kind: 'over', told }
      const concluded = await replaceFor(candidate, userId).conclude(run)
      if (concluded.kind === 'failed') {
        log.warn('The guard goes on with the webhooks of a token that was taken over', { connection, ...concluded })
        return { kind: 'over', told: `${told} The guard goes on with the webhook.` }
      }
      const until = new Date(concluded.until).toISOString()
      return {
        kind: 'over',
        told: `${told} The webhook of the former user goes on until ${until} and is then deleted.`,
      }
    },

    /** Takes the webhook away that was made, where there is one. */
    async undo(candidate: Candidate): Promise<void> {
      const { run, takeover } = candidate.trial
      // Also where the replacement is not to be found any more: it may have ended because somebody has disconnected.
      const mayHaveMade = takeover || (await replacementOf(run, services)) !== null
      // Whose it is matters only to what makes one.
      if (mayHaveMade) await replaceFor(candidate, candidate.record.userId).undo(run)
    },
  }
}
