import { ROTATION_TIMEOUT_SECONDS } from '../../infra/timing.ts'
import { createContainers } from './containers.ts'
import { SECRETS } from './environment.ts'
import type { World } from './functions.ts'
import type { RotationRun } from './run.ts'
import { type Rotated, rotationContainer } from './webhook-functions.ts'

/** By what Lambda calls the function that rotates secrets of a kind. */
export const rotatorArn = (rotated: Rotated) =>
  `arn:aws:lambda:eu-central-1:123456789012:function:hookline-rotate-${rotated}`

type Rotations = {
  run: Readonly<Record<Rotated, RotationRun>>
  /** Takes a step, as Secrets Manager has the function called. Rejects if the function failed. */
  invoke(lambdaArn: string, payload: unknown): Promise<unknown>
}

/** The functions that rotate secrets, with containers of their own. What calls them is Secrets Manager. */
export function startRotations(world: World): Rotations {
  const { time, random, aws, telemetry } = world
  const functionOf = (rotated: Rotated) => {
    let made = 0
    const make = () => rotationContainer(world, rotated, `rotate-${rotated} ${made++}`)
    return createContainers(make, {
      ...{ time, random: random.fork(`rotate-${rotated} containers`) },
      timeoutMs: ROTATION_TIMEOUT_SECONDS * 1000,
    })
  }
  const functions = { signing: functionOf('signing'), token: functionOf('token') }
  const steps = { signing: 0, token: 0 }
  const runOf = (rotated: Rotated): RotationRun => ({
    begin: () => aws.secrets.rotate(SECRETS[rotated]),
    running: () => steps[rotated],
    labels: () => aws.secrets.labels(SECRETS[rotated]),
    kill: functions[rotated].kill,
  })

  return {
    run: { signing: runOf('signing'), token: runOf('token') },
    async invoke(lambdaArn, payload) {
      const rotated = lambdaArn === rotatorArn('signing') ? 'signing' : 'token'
      steps[rotated] += 1
      const ended = await functions[rotated].invoke(payload)
      steps[rotated] -= 1
      if (ended.kind === 'returned') return ended.payload
      if (ended.kind === 'threw') telemetry.log.error('A step of a rotation threw', { rotated, error: ended.error })
      throw new Error(`The step of a rotation ended: ${ended.kind}`)
    },
  }
}
