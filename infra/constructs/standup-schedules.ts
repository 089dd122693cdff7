import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSchedule, CfnScheduleGroup, ContextAttribute } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import type { StandupJobInput } from '../../core/standup/job.ts'
import type { Rhythm } from '../../core/standup/span.ts'
import type { Config } from '../config.ts'
import { STANDUP_SCHEDULE } from '../rights.ts'
import { KEY_RIGHTS, KeyUse } from './encryption-key.ts'
import type { JobsQueue } from './jobs-queue.ts'

/** Something that comes round, and the job that it is. */
export type Scheduled = { job: 'summary' | 'round'; name: string; rhythm: Rhythm }

export type StandupSchedulesProps = {
  config: Pick<Config, 'stage' | 'encryptionKeyArn'>
  /** Gets the jobs. */
  to: JobsQueue
  scheduled: readonly Scheduled[]
}

/**
 * Puts a job on the queue whenever one is due, on the clocks of its own time zone: that is what EventBridge Scheduler can and a
 * rule of the bus cannot. A time that the clocks jump over is left out, and one that comes twice is one:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export class StandupSchedules extends Construct {
  constructor(scope: Construct, id: string, { config, to, scheduled }: StandupSchedulesProps) {
    super(scope, id)
    const { partition, region, account } = Stack.of(this)
    const groupName = `hookline-${config.stage}`
    const group = new CfnScheduleGroup(this, 'Group', { name: groupName })
    const role = new Role(this, 'Role', {
      // Without the conditions a schedule of anybody could be given this role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/${groupName}`,
          },
        },
      }),
    })
    // A dead-letter queue is written to by the same role.
    const queues = [to.queue.queueArn, to.failed.queueArn]
    role.addToPrincipalPolicy(new PolicyStatement({ actions: [...STANDUP_SCHEDULE.queues], resources: queues }))
    new KeyUse(role, config).allow(KEY_RIGHTS.send)

    for (const { job, name, rhythm } of scheduled) {
      const schedule = new CfnSchedule(this, `Schedule-${name}`, {
        name,
        groupName: group.ref,
        description: job === 'summary' ? `Tells the summary ${name}` : `Does the recipe ${name} with what has changed`,
        scheduleExpression: cronOf(rhythm),
        scheduleExpressionTimezone: rhythm.timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: to.queue.queueArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ job, name, at: ContextAttribute.scheduledTime } satisfies StandupJobInput),
          deadLetterConfig: { arn: to.failed.queueArn },
          // Its longest: what is told a few hours late is better than what is not told.
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      })
      // Else the first message could be refused.
      schedule.node.addDependency(role)
    }
  }
}

/** In EventBridge's words: minute, hour, any day of any month, days of the week, any year. */
function cronOf({ at, days }: Rhythm): string {
  const [hour = '', minute = ''] = at.split(':')
  return `cron(${Number(minute)} ${Number(hour)} ? * ${days.map((day) => day.toUpperCase()).join(',')} *)`
}
