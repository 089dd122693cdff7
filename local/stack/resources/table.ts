import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Deployment } from '../deployment.ts'
import { templateError } from '../errors.ts'
import { kind, type Made, physicalName, type Resource } from './kind.ts'

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).default('ALL'),
  NonKeyAttributes: z.array(z.string()).optional(),
})

/** Contributor insights, protection and the like of an index say nothing about what it answers. */
const indexes = z.array(z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projection }))

const definition = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  // Capacity by the hour would need its limits kept here; on demand has none.
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: indexes.optional(),
  LocalSecondaryIndexes: indexes.optional(),
}

/** Backups, encryption and protection guard what is deployed; nothing may rely on the service deleting by TTL. */
const ignores = [
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'KMSMasterKeyId',
  'OnDemandThroughput',
  'PointInTimeRecoverySpecification',
  'ResourcePolicy',
  'SSESpecification',
  'TableClass',
  'Tags',
  'TimeToLiveSpecification',
  'WarmThroughput',
  'WriteOnDemandThroughputSettings',
  'ReadOnDemandThroughputSettings',
]

export const table = kind({ schema: z.strictObject(definition), ignores, make: create })

/** What CDK's `TableV2` makes: a table that may have replicas in other regions. */
export const globalTable = kind({
  schema: z.strictObject({ ...definition, Replicas: z.array(z.looseObject({ Region: z.string() })) }),
  ignores,
  make({ Replicas, ...properties }, resource, deployment) {
    const elsewhere = Replicas.find((replica) => replica.Region !== deployment.gateway.region)
    if (elsewhere) throw templateError(resource.where, `a replica in ${elsewhere.Region} is not supported`)
    return create(properties, resource, deployment)
  },
})

async function create(
  properties: z.infer<z.ZodObject<typeof definition>>,
  resource: Resource,
  deployment: Deployment,
): Promise<Made> {
  const name = properties.TableName ?? physicalName(resource, 255)
  const input: CreateTableCommandInput = {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: properties.BillingMode,
    ...(properties.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes }),
    ...(properties.LocalSecondaryIndexes && { LocalSecondaryIndexes: properties.LocalSecondaryIndexes }),
  }
  const { arn } = await deployment.gateway.createTable(input)
  const indexes = (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName)
  deployment.tables.push({ path: resource.path, name, arn, indexes })
  return { ref: name, attributes: { Arn: arn, TableId: name } }
}
