import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { DataStack } from '../../infra/data-stack.ts'
import { parseConfig } from '../../infra/load-config.ts'
import { environmentOf, readable, rightsOf } from './support/rights.ts'
import { find, ofType, only, type Synth, synth } from './support/template.ts'

const consumerOf = ({ service }: Synth) =>
  find(service, 'AWS::Lambda::Function', ({ Properties }) => Properties['FunctionName'] === 'hookline-prod-consumer')
const s3RightsOf = (built: Synth) =>
  rightsOf(built, consumerOf(built))
    .filter(({ action }) => action.startsWith('s3:'))
    .map(({ action, resource }) => readable(`${action} ${resource}`))

let on: Synth
let off: Synth
beforeAll(() => {
  on = synth({ archive: { days: 14 } })
  off = synth()
}, 60_000)
afterAll(() => {
  on.remove()
  off.remove()
})

describe('the archive', () => {
  it('is a bucket that is encrypted, private and kept, whose objects go after their days', () => {
    const bucket = only(on.data, 'AWS::S3::Bucket')
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 14, Status: 'Enabled' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
    expect(bucket.Properties).not.toHaveProperty('BucketName')
    expect(bucket.Properties).not.toHaveProperty('VersioningConfiguration')
    expect(Object.keys(on.data.Outputs)).toContain('ArchiveBucket')
  })

  it('is spoken to by TLS only', () => {
    const { PolicyDocument } = only(on.data, 'AWS::S3::BucketPolicy').Properties
    expect(PolicyDocument).toMatchObject({
      Statement: [
        { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
      ],
    })
  })

  it('lets the consumer put deliveries, and do nothing else', () => {
    expect(s3RightsOf(on)).toEqual(['s3:PutObject Archive/deliveries/*'])
    expect(environmentOf(on, consumerOf(on))).toHaveProperty(ENV.archiveBucket)
  })

  it('is not there by default: no bucket, no right, and another bundle', () => {
    expect(ofType(off.data, 'AWS::S3::Bucket')).toEqual([])
    expect(s3RightsOf(off)).toEqual([])
    expect(environmentOf(off, consumerOf(off))).not.toHaveProperty(ENV.archiveBucket)
    expect(consumerOf(off).Properties['Code']).not.toEqual(consumerOf(on).Properties['Code'])
  })
})

describe('its days', () => {
  it('are thirty where nothing is said', () => {
    expect(parseConfig({ archive: {} }).archive).toEqual({ days: 30 })
    expect(parseConfig({}).archive).toBeUndefined()
  })

  it('are no more than those of the ledger, which would publish anew what it has forgotten', () => {
    expect(() => synth({ archive: { days: 41 }, ledgerDays: 40 })).toThrow(
      'archive.days must not be more than ledgerDays, which is 40.',
    )
    expect(() => parseConfig({ archive: { days: 0 } })).toThrow(/archive\.days must be a whole number of days/)
  })
})

it('is encrypted with the key of your own', () => {
  const encryptionKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0b7c2f6e-1111-4222-8333-444455556666'
  const config = parseConfig({ archive: {}, encryptionKeyArn })
  const data = new DataStack(new App({ analyticsReporting: false }), 'Data', config)
  Template.fromStack(data).hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: encryptionKeyArn },
        },
      ],
    },
  })
})
