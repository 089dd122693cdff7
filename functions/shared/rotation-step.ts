import { StagePaused } from '../../core/rotation/stage-paused.ts'
import {
  NothingPending,
  parseRotationEvent,
  type Rotation,
  RotationFailed,
  takeStep,
} from '../../core/rotation/steps.ts'
import type { Versions } from '../../core/secrets/versions.ts'
import type { Rotating } from './rotation.ts'

/** A function that rotates the secrets of one kind. */
export type Rotator = Rotating & {
  /** What takes the steps for a connection. `deadline`: when every call and every wait must have ended, ms since 1970. */
  rotationOf(connection: string, versions: Versions, deadline: number): Promise<Rotation>
}

/** Before the time-out: by then every wait has ended, and what came of it can still be written down. */
const MARGIN_MS = 30_000

/**
 * Takes the step that Secrets Manager asks for, and says so in a line.
 *
 * @param remainingMs after so long the function is cut off
 * @throws RotationFailed when the rotation is over without success; any other error when it may be tried again
 */
export async function takeRotationStep(event: unknown, rotator: Rotator, remainingMs: number): Promise<void> {
  const { clock, log, metrics, rotated } = rotator
  const { step, secretId, run } = parseRotationEvent(event)
  const connection = rotator.connectionOf(secretId)
  if (connection === undefined)
    throw new Error(
      `No connection of this stage has ${secretId} for its ${rotated} secret: deploy the stage, or cancel the secret's rotation.`,
    )
  const versions = rotator.versionsOf(secretId)
  const deadline = clock.now() + remainingMs - Math.min(MARGIN_MS, remainingMs / 3)
  const startedAt = clock.now()
  const about = { connection, rotated, step, run }
  try {
    if ((await rotator.pause.look()).since !== null) throw new StagePaused()
    await takeStep({ step, run }, await rotator.rotationOf(connection, versions, deadline), versions)
    log.info('A step of a rotation was taken', { ...about, ms: clock.now() - startedAt })
  } catch (error) {
    if (error instanceof RotationFailed) {
      metrics.count('RotationsFailed')
      log.error('A rotation has failed', { ...about, reason: error.message })
    } else if (error instanceof StagePaused)
      log.warn('A step of a rotation met a pause, and is to be taken again after it', { ...about })
    else if (error instanceof NothingPending) log.warn('A step of a rotation that is over was asked for', { ...about })
    else log.error('A step of a rotation was not finished and may be taken again', { ...about, error })
    throw error
  }
}
