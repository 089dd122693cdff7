import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { type RotationSettings, rotationSettingsSchema } from '../../core/rotation/settings.ts'
import type { Config } from '../config.ts'
import { ROTATE_SIGNING, ROTATE_TOKEN } from '../rights.ts'
import { ROTATION_TIMEOUT_SECONDS } from '../timing.ts'
import { HooklineFunction, type TableInUse } from './hookline-function.ts'
import { RotationSchedules } from './rotation-schedules.ts'

export type RotationsProps = {
  config: Config
  state: TableInUse
  /** Base of every webhook's URL. */
  apiUrl: string
  jobs: Queue
  guardJobs: Queue
}

/** What rotates the secrets of every connection: a function for each kind, and when Secrets Manager calls it. */
export class Rotations extends Construct {
  constructor(scope: Construct, id: string, props: RotationsProps) {
    super(scope, id)
    const { stage, connections, rotation } = props.config
    const signing = (connection: string) => signingSecretName(stage, connection)
    const token = (connection: string) => tokenSecretName(stage, connection)
    const names = connections.map(({ name }) => name)
    const known = JSON.stringify(connections)

    const bySigning = this.function('Signing', props, ROTATE_SIGNING, {
      name: 'rotate-signing',
      description: "Rotates the signing secrets: replaces ClickUp's webhooks, one by the other",
    })
      .canReadSecrets(names.map(token), ENV.connections, known)
      .canRotateSecrets(names.map(signing))
    new RotationSchedules(this, 'SigningSchedules', {
      ...{ by: bySigning, secretName: signing, connections: names, days: rotation.signingDays },
    })

    const byToken = this.function('Token', props, ROTATE_TOKEN, {
      name: 'rotate-token',
      description: 'Rotates the tokens: tests the one in use, or the one that the operator has brought',
    })
      .knows(ENV.connections, known)
      .canRotateSecrets(names.map(token))
      .canWriteSecrets(names.map(signing))
    new RotationSchedules(this, 'TokenSchedules', {
      ...{ by: byToken, secretName: token, connections: names, days: rotation.tokenDays },
    })
  }

  private function(
    id: string,
    { config, state, apiUrl, jobs, guardJobs }: RotationsProps,
    rights: typeof ROTATE_SIGNING | typeof ROTATE_TOKEN,
    what: { name: string; description: string },
  ): HooklineFunction {
    const settings: RotationSettings = rotationSettingsSchema.parse({
      overlapMs: config.rotation.overlapMinutes * 60_000,
    })
    return new HooklineFunction(this, id, {
      ...what,
      memoryMb: 256,
      timeoutSeconds: ROTATION_TIMEOUT_SECONDS,
      config,
    })
      .knows(ENV.stage, config.stage)
      .knows(ENV.apiUrl, apiUrl)
      .knows(ENV.rotationSettings, JSON.stringify(settings))
      .canUseTable(state, ENV.stateTable, rights.state)
      .canUseQueue(jobs, ENV.jobsQueueUrl, rights.jobsQueue)
      .canUseQueue(guardJobs, ENV.guardQueueUrl, rights.guardQueue)
  }
}
