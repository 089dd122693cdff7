import { Duration } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Job } from '../../core/sync/job.ts'
import { acknowledge } from '../nag.ts'
import { MAX_RECEIVES, QUEUE_RETENTION_DAYS } from '../timing.ts'
import { queueEncryption } from './queue-encryption.ts'

export type JobsQueueProps = {
  /** Time-out of the function that works them off. */
  timeoutSeconds: number
  /**
   * Days that a job waits for somebody to take it.
   * @default 1 it has been asked for again many times since
   */
  keepDays?: number
  encryptionKey?: IKey | undefined
}

/**
 * A queue of jobs, with what failed again and again behind it. Schedules and operators put jobs on it, and a job that takes
 * longer than an invocation sends itself on.
 */
export class JobsQueue extends Construct {
  readonly queue: Queue
  /** What failed again and again. */
  readonly failed: Queue

  constructor(scope: Construct, id: string, { timeoutSeconds, keepDays = 1, encryptionKey }: JobsQueueProps) {
    super(scope, id)
    const common = { ...queueEncryption(encryptionKey), enforceSSL: true }
    this.failed = new Queue(this, 'Failed', { ...common, retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS) })
    acknowledge(this.failed, 'Serverless-SQSRedrivePolicy')
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // Lambda asks for six times the time-out; whoever died of a job is followed after that.
      visibilityTimeout: Duration.seconds(timeoutSeconds * 6),
      retentionPeriod: Duration.days(keepDays),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: MAX_RECEIVES },
    })
  }

  /** Puts a job for every connection on the queue, so many minutes apart. */
  every(minutes: number, job: Job['job']): void {
    const message: Job = { job, connection: '*', reason: 'schedule', everyMinutes: minutes }
    new Rule(this, `Every-${job}`, {
      description: `Begins a ${job} of every connection`,
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [
        new SqsQueue(this.queue, { message: RuleTargetInput.fromObject(message), deadLetterQueue: this.failed }),
      ],
    })
  }
}
