import { isObject, type JsonObject } from '../call.ts'
import { AwsError, parseBody } from '../json-protocol.ts'
import type { Datum } from './metric.ts'

/** What DynamoDB refuses with when it is asked too fast. */
const THROTTLES = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']
const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan']

/** The metrics that DynamoDB publishes of a call that it throttled; none for any other error. */
export function throttleData(error: unknown, call: { operation: string; text: string; at: number }): Datum[] {
  if (!(error instanceof AwsError) || !THROTTLES.includes(error.code)) return []
  const { operation, at } = call
  const event = READS.includes(operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents'
  const common = { namespace: 'AWS/DynamoDB', unit: 'Count', at, values: [{ value: 1, count: 1 }] }
  const body = parseBody(call.text)
  const { IndexName: index } = body
  // What an index throttles is not among what its table does.
  const ofIndex = typeof index === 'string' ? { GlobalSecondaryIndexName: index } : {}
  return tablesIn(body).flatMap((TableName) => [
    { ...common, name: event, dimensions: { TableName, ...ofIndex } },
    { ...common, name: 'ThrottledRequests', dimensions: { TableName, Operation: operation } },
  ])
}

function tablesIn(body: JsonObject): string[] {
  const { TableName: table, RequestItems: items } = body
  if (typeof table === 'string') return [table.replace(/^.*:table\//, '')]
  return isObject(items) ? Object.keys(items) : []
}
