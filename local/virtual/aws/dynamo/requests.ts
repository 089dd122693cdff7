import * as z from 'zod'

/** An item or a key: what is in it is looked at when it is copied. */
const record = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null, 'not a map')

const expressions = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: record.optional(),
}
const conditional = {
  ...expressions,
  ConditionExpression: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.literal('NONE').optional(),
}
const read = { ConsistentRead: z.boolean().optional() }

// Strict: a parameter that is not simulated is refused rather than passed over.

export const getSchema = z.strictObject({ TableName: z.string(), Key: record, ...read })

export const putSchema = z.strictObject({
  TableName: z.string(),
  Item: record,
  ...conditional,
  ReturnValues: z.enum(['NONE', 'ALL_OLD']).optional(),
})

export const deleteSchema = z.strictObject({
  TableName: z.string(),
  Key: record,
  ...conditional,
  ReturnValues: z.enum(['NONE', 'ALL_OLD']).optional(),
})

export const updateSchema = z.strictObject({
  TableName: z.string(),
  Key: record,
  UpdateExpression: z.string(),
  ...conditional,
  ReturnValues: z.enum(['NONE', 'ALL_OLD', 'ALL_NEW']).optional(),
})

export const querySchema = z.strictObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  FilterExpression: z.string().optional(),
  ScanIndexForward: z.boolean().optional(),
  Limit: z.int().positive().optional(),
  ExclusiveStartKey: record.optional(),
  ...expressions,
  ...read,
})

export const scanSchema = z.strictObject({
  TableName: z.string(),
  FilterExpression: z.string().optional(),
  ...expressions,
  ...read,
})

export const batchGetSchema = z.strictObject({
  RequestItems: z.record(z.string(), z.strictObject({ Keys: z.array(record), ...read })),
})

const batchWriteEntry = z.strictObject({
  PutRequest: z.strictObject({ Item: record }).optional(),
  DeleteRequest: z.strictObject({ Key: record }).optional(),
})
export const batchWriteSchema = z.strictObject({ RequestItems: z.record(z.string(), z.array(batchWriteEntry)) })

export type QueryRequest = z.infer<typeof querySchema>
