import { InvalidRequestException, RotateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { CURRENT, holderOf, PENDING } from '../../core/secrets/versions.ts'
import { Failure } from '../failure.ts'
import { sleepOf } from '../io.ts'
import { plain } from '../output/text.ts'
import { agoText, durationText } from '../output/time.ts'
import type { Rotating } from './rotating.ts'

/** A rotation's function is ended after 15 minutes, and writes down every step: who has been silent for longer has crashed. */
const ABANDONED_MS = 20 * 60_000
/** How long a function that was called a moment ago may take to write its first word. */
const ARRIVES_MS = 60_000
const LOOK_EVERY_MS = 1_000
const TRIES = 3

/** `goesOn`: one was under way already, and nobody begins a second one beside it. */
export type Begun = { kind: 'begun' | 'goesOn'; run: string }

/** Asks Secrets Manager for a rotation, unless one is under way. @throws Failure when it refuses for another reason */
export async function begin(rotating: Rotating): Promise<Begun> {
  const { secrets, name } = rotating
  for (let tries = 1; ; tries += 1) {
    const already = await underWay(rotating)
    if (already !== null) return { kind: 'goesOn', run: already }
    try {
      const { VersionId } = await secrets.send(new RotateSecretCommand({ SecretId: name }))
      if (VersionId === undefined) throw new Error(`Secrets Manager told no version of ${name}`)
      return { kind: 'begun', run: VersionId }
    } catch (error) {
      // Somebody else's, the schedule's say, may have begun since we looked.
      if (!(error instanceof InvalidRequestException)) throw error
      if (tries === TRIES) throw new Failure(`Secrets Manager does not rotate ${name}: ${plain(error.message)}`)
    }
  }
}

/**
 * The id of the version that is being made, null where none is. Secrets Manager begins no rotation while AWSPENDING is on
 * another version than AWSCURRENT, so a label that a crash has left behind is taken off, which is said.
 */
export async function underWay({ io, versions, report, connection }: Rotating): Promise<string | null> {
  const lookedAt = io.now()
  for (;;) {
    const { labels } = await versions.describe()
    const pending = holderOf(labels, PENDING)
    if (pending === undefined || pending === holderOf(labels, CURRENT)) return null
    const found = await report()
    const said = found?.run === pending ? found : null
    const now = io.now()
    const isAlive = said !== null && said.phase !== 'failed' && now - said.at <= ABANDONED_MS
    if (isAlive) return pending
    if (said !== null || now - lookedAt > ARRIVES_MS) {
      io.progress?.(null)
      await versions.detach(PENDING, pending)
      const what = `A rotation of ${connection}${abandonedText(said, now)}`
      io.note(`${what} was left unfinished: it is given up, and a new one begins.`)
      return null
    }
    io.progress?.('A rotation has just begun: waiting for its first word ...')
    await sleepOf(io)(LOOK_EVERY_MS)
  }
}

function abandonedText(said: { startedAt: number; at: number; phase: string } | null, now: number): string {
  if (said === null) return ', of which nothing is written down,'
  const since = agoText(said.startedAt, now)
  if (said.phase === 'failed') return ` that began ${since} and failed`
  return ` that began ${since}, and has been silent for ${durationText(now - said.at)},`
}
