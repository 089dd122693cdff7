import * as z from 'zod'
import { readUser } from '../clickup/account.ts'
import type { ClickUp } from '../clickup/client.ts'
import { type ConnectionRecord, loadConnection } from '../clickup/connection-record.ts'
import { CURRENT, holderOf, PENDING, type Versions } from '../secrets/versions.ts'
import type { Credential } from '../upstream/credential.ts'
import type { Failed } from './outcomes.ts'
import type { Rotation, StepOutcome } from './steps.ts'
import { takeUp } from './token-candidate.ts'
import { type Candidate, createTakeover, type TakeoverServices } from './token-takeover.ts'
import { type Passed, testToken } from './token-test.ts'
import { UNSEEN } from './token-texts.ts'
import { type Trial, trialOf } from './token-trial.ts'

export type TokenRotationServices = Omit<TakeoverServices, 'versions'> & {
  /** Of the token secret. */
  versions: Versions
  /** Asks with a token of its own, in the control lane, through a gate that is `onTrial`. */
  clickupOf(credential: Credential): Pick<ClickUp, 'get' | 'send'>
}

/** A token on trial, and the connection, null where it was not made yet. */
type Loaded = { trial: Trial; record: ConnectionRecord | null }

const DONE = { kind: 'done' } as const

/**
 * Rotates the API token of a connection. ClickUp makes none by API, so the new one is what the operator has brought; without
 * that, the token in use is tested and kept. Another user's (`takeover`) brings webhooks of its own.
 *
 *     createSecret  taken up, or a copy     setSecret   takeover: tested, webhook made anew
 *     testSecret    asked whose it is, and what it sees     finishSecret   promoted; a copy: let go
 */
export function createTokenRotation(services: TokenRotationServices): Rotation {
  const { connection, versions, state, report, log, clock, patience } = services
  const takeover = createTakeover(services)

  async function load(run: string): Promise<Loaded | null | Failed> {
    const trial = await trialOf(run, services)
    if (trial === null || 'kind' in trial) return trial
    try {
      return { trial, record: await loadConnection(state, connection) }
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      return {
        kind: 'failed',
        reason: 'What is stored of the connection is not in our form: run npx hookline connect.',
      }
    }
  }

  async function fail(run: string, reason: string, loaded: Loaded | null = null): Promise<StepOutcome> {
    if (loaded !== null && isMade(loaded)) {
      // Whoever stood still until now can take nothing away any more, and nobody else sees a webhook of that user: it would go on
      // delivering without a key. Thrown, the step is taken again, by somebody who has the time.
      if (loaded.trial.takeover && clock.now() >= patience.deadline)
        throw new Error(`There was no time left. ${reason}`)
      await takeover.undo(loaded)
    }
    await report.failed(run, reason)
    return { kind: 'failed', reason }
  }

  const holds = async (run: string) => holderOf((await versions.describe()).labels, CURRENT) === run

  /** Whether the token in use is refused: then nobody can tell whether its webhook is there. */
  async function isCurrentRefused(): Promise<boolean> {
    const current = holderOf((await versions.describe()).labels, CURRENT)
    const trial = current === undefined ? null : await trialOf(current, services)
    if (trial === null || 'kind' in trial) return true
    return (await readUser(trial.clickup)).kind === 'tokenDead'
  }

  async function judge(loaded: Loaded, tested: Passed): Promise<Failed | null> {
    if (isMade(loaded) && tested.takesOver) return takeover.test(loaded, tested)
    // What is not shown with the token in use is missing, and the guard's to mend.
    if (tested.sees || loaded.trial.isCopy || (await isCurrentRefused())) return null
    return { kind: 'failed', reason: UNSEEN }
  }

  /**
   * What is tested and kept stays in the version that has it: AWSPREVIOUS stays the token before it, with which the guard deletes
   * what a former user has made, and a token that was stored meanwhile stays in force.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: after a rotation AWSPENDING may be
   * attached to no version.
   */
  async function keep(run: string, detail: string): Promise<StepOutcome> {
    await report.done(run, detail)
    if (!(await holds(run))) await versions.detach(PENDING, run)
    return DONE
  }

  return {
    async createSecret(run) {
      await report.running(run, 'The token is being taken up.')
      const taken = await takeUp(run, services)
      return taken.kind === 'failed' ? fail(run, taken.reason) : taken
    },

    async setSecret(run) {
      const loaded = await load(run)
      if (loaded === null) return DONE
      if ('kind' in loaded) return fail(run, loaded.reason)
      if (!isMade(loaded) || !loaded.trial.takeover) return DONE
      await report.running(run, 'The token is being tested.')
      const tested = await testToken(loaded.trial, loaded.record, services)
      const refused = tested.kind === 'failed' ? tested : await takeover.make(loaded, tested)
      return refused === null ? DONE : fail(run, refused.reason, loaded)
    },

    async testSecret(run) {
      const loaded = await load(run)
      if (loaded === null) return DONE
      if ('kind' in loaded) return fail(run, loaded.reason)
      await report.running(run, 'The token is being tested.')
      const tested = await testToken(loaded.trial, loaded.record, services)
      const refused = tested.kind === 'failed' ? tested : await judge(loaded, tested)
      return refused === null ? DONE : fail(run, refused.reason, loaded)
    },

    async finishSecret(run) {
      const loaded = await load(run)
      if (loaded === null)
        return keep(run, 'There was nothing to test: no token was brought yet, or another is in use since.')
      if ('kind' in loaded) return fail(run, loaded.reason)
      const { isCopy } = loaded.trial
      let told = ''
      if (isMade(loaded) && loaded.trial.takeover) {
        const finished = await takeover.finish(loaded, await holds(run))
        if (finished.kind === 'failed') return fail(run, finished.reason, loaded)
        told = finished.told
      } else if (!isCopy) await versions.promote(run)
      if (isCopy) return keep(run, `The token was tested and kept.${told}`)
      await report.done(run, `The new token is in use.${told}`)
      log.info('A new token is in use', { connection })
      return DONE
    },
  }
}

const isMade = (loaded: Loaded): loaded is Candidate => loaded.record !== null
