import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { ENV } from '../../core/platform/env-names.ts'
import { type PulseSettings, pulseSettingsSchema } from '../../core/pulse/settings.ts'
import type { Config } from '../config.ts'
import { acknowledge } from '../nag.ts'
import { PULSE } from '../rights.ts'
import { PULSE_TIMEOUT_SECONDS, SCHEDULES } from '../timing.ts'
import { HooklineFunction, type TableInUse } from './hookline-function.ts'

/** What says every five minutes how the stage does: the metrics that no work counts, because nothing is done when all stands still. */
export class Pulse extends Construct {
  constructor(scope: Construct, id: string, { config, state }: { config: Config; state: TableInUse }) {
    super(scope, id)
    const { timeZone, workingDays, workingHours, holidays } = config.reports
    const settings: PulseSettings = pulseSettingsSchema.parse({
      ...config.pulse,
      workingTime: { timeZone, workingDays, workingHours, holidays },
    })
    const pulse = new HooklineFunction(this, 'Function', {
      name: 'pulse',
      description: 'Says every five minutes how the stage does, and whether ClickUp tells of an incident',
      memoryMb: 256,
      timeoutSeconds: PULSE_TIMEOUT_SECONDS,
      config,
    })
      .knows(ENV.stage, config.stage)
      .knows(ENV.connections, JSON.stringify(config.connections))
      .knows(ENV.pulseSettings, JSON.stringify(settings))
      .canUseTable(state, ENV.stateTable, PULSE.state)
    const every = new Rule(this, 'Every', {
      description: 'Takes the pulse of the stage',
      schedule: Schedule.rate(Duration.minutes(SCHEDULES.pulseMinutes)),
      // One that could not be invoked is of no use later: the next one comes before that.
      targets: [new LambdaFunction(pulse.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    })
    acknowledge(every, 'Serverless-EventBusDLQ')
  }
}
