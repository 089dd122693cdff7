import { Duration } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs'

/**
 * With SQS's own keys, which cost nothing and need no further right, or with the owner's. SQS then keeps a data key for an hour,
 * and asks KMS for no more than one an hour for each who sends: five minutes, its default, would be twelve times as many calls.
 */
export const queueEncryption = (
  key: IKey | undefined,
): Pick<QueueProps, 'encryption' | 'encryptionMasterKey' | 'dataKeyReuse'> =>
  key === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.hours(1) }
