import * as z from 'zod'
import { templateError } from '../errors.ts'
import { kind, physicalName } from './kind.ts'

export const bucket = kind({
  schema: z.strictObject({ BucketName: z.string().optional() }),
  // Nothing is encrypted here, nobody comes from outside, and nothing lives long enough to expire.
  ignores: [
    'BucketEncryption',
    'LifecycleConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
  ],
  async make({ BucketName }, resource, deployment) {
    const name = BucketName ?? physicalName(resource, 63).toLowerCase()
    const { arn } = await deployment.gateway.s3.createBucket(name)
    deployment.buckets.push({ path: resource.path, name, arn })
    return { ref: name, attributes: { Arn: arn } }
  },
})

const statementSchema = z.looseObject({ Effect: z.literal('Deny') })

/** Denies what is not asked by TLS, which has no meaning on loopback; one that allows something would have to be judged. */
export const bucketPolicy = kind({
  schema: z.strictObject({ Bucket: z.string(), PolicyDocument: z.looseObject({ Statement: z.array(z.unknown()) }) }),
  ignores: [],
  make({ Bucket, PolicyDocument }, resource, deployment) {
    if (!deployment.buckets.some(({ name }) => name === Bucket))
      throw templateError(resource.where, `no bucket ${Bucket}`)
    if (!PolicyDocument.Statement.every((each) => statementSchema.safeParse(each).success))
      throw templateError(resource.where, 'a bucket policy that allows something is not supported')
    return { ref: resource.logicalId, attributes: {} }
  },
})
