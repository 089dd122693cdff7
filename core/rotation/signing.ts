import { isDeepStrictEqual } from 'node:util'
import { parseSigningSecret, type SigningSecret } from '../secrets/signing.ts'
import { CURRENT, holderOf, isOnlyTried, PENDING, type Versions } from '../secrets/versions.ts'
import type { Replace } from './replace.ts'
import type { Reporter } from './reporter.ts'
import type { Rotation, StepOutcome } from './steps.ts'

export type SigningRotationServices = {
  /** Of the signing secret. */
  versions: Versions
  /** Null where there are no webhooks by choice: not connected, or polling. */
  replace: Replace | null
  report: Reporter
}

/**
 * Rotates the signing secrets of a connection: a secret belongs to a webhook, so a new one means a new webhook. What is in force
 * while that is made is the document with both; AWSPENDING has the document as it shall be.
 */
export function createSigningRotation({ versions, replace, report }: SigningRotationServices): Rotation {
  /** Where there is nothing to be replaced, the version that Secrets Manager wants is filled with a word that says so. */
  async function isIdle(run: string): Promise<boolean> {
    const pending = await versions.read(run)
    return replace === null || pending === null || parseSigningSecret(pending.text)['idle'] === true
  }

  async function fail(run: string, reason: string): Promise<StepOutcome> {
    await replace?.undo(run)
    await report.failed(run, reason)
    return { kind: 'failed', reason }
  }

  /** The version is promoted as it is, unless the other slot has changed since it was written. */
  async function promote(run: string, wanted: SigningSecret): Promise<void> {
    const pending = await versions.read(run)
    if (pending !== null && isDeepStrictEqual(parseSigningSecret(pending.text), wanted)) await versions.promote(run)
    // Both labels on one version is how a rotation ends.
    else await versions.put(JSON.stringify(wanted), [CURRENT, PENDING])
  }

  return {
    async createSecret(run) {
      if ((await versions.read(run)) !== null) return { kind: 'done' }
      await report.running(run, 'A second webhook is being made.')
      const begun = replace === null ? { kind: 'none' as const } : await replace.begin(run)
      if (begun.kind === 'failed') return fail(run, begun.reason)
      const document = begun.kind === 'none' ? { v: 1, slots: {}, idle: true } : begun.becomes
      await versions.putPending(run, JSON.stringify(document))
      return { kind: 'done' }
    },

    async setSecret(run) {
      if (replace === null || (await isIdle(run))) return { kind: 'done' }
      const completed = await replace.complete(run, (until) =>
        report.running(run, 'Waiting until every verifier knows the new secret.', until),
      )
      return completed.kind === 'failed' ? fail(run, completed.reason) : { kind: 'done' }
    },

    async testSecret(run) {
      if (replace === null || (await isIdle(run)) || (await isOnlyTried(run, versions))) return { kind: 'done' }
      await report.running(run, 'A signed test delivery is sent to the new webhook’s address.')
      const tested = await replace.test(run)
      return tested.kind === 'failed' ? fail(run, tested.reason) : { kind: 'done' }
    },

    async finishSecret(run) {
      if (replace === null || (await isIdle(run))) {
        // Nothing to be put in force, and a copy could be older than what somebody has put there meanwhile.
        if (holderOf((await versions.describe()).labels, CURRENT) !== run) await versions.detach(PENDING, run)
        await report.done(run, 'There is no webhook, so there was nothing to rotate.')
        return { kind: 'done' }
      }
      const concluded = await replace.conclude(run, (wanted) => promote(run, wanted))
      if (concluded.kind === 'failed') return fail(run, concluded.reason)
      const until = new Date(concluded.until).toISOString()
      const old =
        concluded.way === 'beside'
          ? `The old one goes on until ${until} and is then deleted.`
          : 'ClickUp refuses two, so the old one was deleted first: a sweep brings what came in between.'
      await report.done(run, `The new webhook is active. ${old}`)
      return { kind: 'done' }
    },
  }
}
