import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { MAX_RECEIVES, QUEUE_RETENTION_DAYS } from '../timing.ts'

export type DeliveriesQueueProps = {
  /** Seconds after which a message that nobody answered for comes back. */
  visibilitySeconds: number
}

/**
 * The queue that every delivery waits in, and the quarantine behind it. Standard, not FIFO: ClickUp promises no order, so
 * none can be kept. Encrypted with SQS's own keys, which cost nothing and need no further right.
 */
export class DeliveriesQueue extends Construct {
  readonly deliveries: Queue
  readonly quarantine: Queue

  constructor(scope: Construct, id: string, props: DeliveriesQueueProps) {
    super(scope, id)
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
    }
    this.quarantine = new Queue(this, 'Quarantine', common)
    acknowledge(this.quarantine, 'Serverless-SQSRedrivePolicy')
    this.deliveries = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(props.visibilitySeconds),
      deadLetterQueue: { queue: this.quarantine, maxReceiveCount: MAX_RECEIVES },
    })
  }
}
