import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Config } from '../config.ts'
import { acknowledge } from '../nag.ts'
import { SynthError } from '../synth-error.ts'
import { encryptionKeyOf } from './encryption-key.ts'

/**
 * The bucket of raw deliveries: encrypted, by TLS only, never public, and each object gone after its days. No versions: what is
 * erased from it on somebody's demand has to be gone. No physical name, because the bucket stays when the archive is ended, and
 * another one is made when it is begun again.
 */
export class DeliveryArchive extends Bucket {
  constructor(scope: Construct, id: string, config: Config, { days }: { days: number }) {
    if (days > config.ledgerDays)
      throw new SynthError(`archive.days must not be more than ledgerDays, which is ${config.ledgerDays}.`)
    const encryptionKey = encryptionKeyOf(scope, config)
    super(scope, id, {
      // With a key of one's own, S3 asks KMS for a bucket's key in hours, not for each object's.
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    acknowledge(this, 'AwsSolutions-S1')
  }
}
