import { Duration } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { MAX_RECEIVES, QUEUE_RETENTION_DAYS } from '../timing.ts'
import { queueEncryption } from './queue-encryption.ts'

export type DeliveriesQueueProps = {
  /** Seconds after which a message that nobody answered for comes back. */
  visibilitySeconds: number
  encryptionKey?: IKey | undefined
}

/**
 * The queue that every delivery waits in, and the quarantine behind it. Standard, not FIFO: ClickUp promises no order, so
 * none can be kept.
 */
export class DeliveriesQueue extends Construct {
  readonly deliveries: Queue
  readonly quarantine: Queue

  constructor(scope: Construct, id: string, props: DeliveriesQueueProps) {
    super(scope, id)
    const common = {
      ...queueEncryption(props.encryptionKey),
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
