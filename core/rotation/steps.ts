import * as z from 'zod'
import { CURRENT, PENDING, type Versions } from '../secrets/versions.ts'

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
type Step = (typeof STEPS)[number]

/** What Secrets Manager invokes a rotation with: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html */
const eventSchema = z.looseObject({
  Step: z.enum(STEPS),
  SecretId: z.string().min(1),
  ClientRequestToken: z.string().min(1),
})

/** @throws Error without any of the content */
export function parseRotationEvent(event: unknown): { step: Step; secretId: string; run: string } {
  const { success, data } = eventSchema.safeParse(event)
  if (!success) throw new Error('This is no step of a rotation: only Secrets Manager invokes this function.')
  return { step: data.Step, secretId: data.SecretId, run: data.ClientRequestToken }
}

/** `failed`: nothing is changed by this rotation, and it is not to be gone on with. Anything that is worth another try is thrown. */
export type StepOutcome = { kind: 'done' } | { kind: 'failed'; reason: string }

/** The four steps for one secret, by the id of the version that the rotation makes. Each may be called again at any time. */
export type Rotation = Readonly<Record<Step, (run: string) => Promise<StepOutcome>>>

export class RotationFailed extends Error {
  override readonly name = 'RotationFailed'
}

/** Nothing waits for this step: the rotation has failed or was given up before, and was told of then. */
export class NothingPending extends Error {
  override readonly name = 'NothingPending'
}

/**
 * Takes one step. One that fails takes AWSPENDING off its version: left there, it would be taken for a rotation that goes on,
 * and every later one be refused.
 *
 * @throws RotationFailed when it is over without success, NothingPending when it was over before; any other error when it may be
 *   tried again
 */
export async function takeStep(
  { step, run }: { step: Step; run: string },
  rotation: Rotation,
  versions: Pick<Versions, 'describe' | 'detach'>,
): Promise<void> {
  const { labels } = await versions.describe()
  const held = labels.get(run) ?? []
  // Promoted: only what comes after the promotion may be left to do.
  if (held.includes(CURRENT) && step !== 'finishSecret') return
  if (!held.includes(CURRENT) && !held.includes(PENDING))
    throw new NothingPending(`The version ${run} waits for no rotation: it has failed or was given up before.`)
  const outcome = await rotation[step](run)
  if (outcome.kind === 'done') return
  // Another invocation of the same step, which was given up waiting for, has meanwhile brought it to its end.
  if ((await versions.describe()).labels.get(run)?.includes(CURRENT)) return
  await versions.detach(PENDING, run)
  throw new RotationFailed(outcome.reason)
}
