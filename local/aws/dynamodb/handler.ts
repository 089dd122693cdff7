import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Arns } from '../arns.ts'
import type { Home, JsonObject, ServiceHandler } from '../call.ts'
import { AwsError, answerIn } from '../json-protocol.ts'
import { openDynalite } from './store.ts'

const OPERATIONS = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
])

const streamSchema = z.looseObject({ StreamEnabled: z.boolean().optional() })

const unsupported = (what: string) =>
  new AwsError('ValidationException', `${what} is not supported by the local stack: dynalite would ignore it.`)

/** dynalite passes over request members that it does not know. @throws AwsError for one that a caller could rely on */
function refuseIgnored(body: JsonObject): void {
  const onFailure = body['ReturnValuesOnConditionCheckFailure']
  if (onFailure !== undefined && onFailure !== 'NONE') throw unsupported('ReturnValuesOnConditionCheckFailure')
  const stream = streamSchema.safeParse(body['StreamSpecification'])
  if (stream.success && stream.data.StreamEnabled === true) throw unsupported('StreamSpecification')
  if (body['VectorIndexes'] !== undefined) throw unsupported('VectorIndexes')
}

const tableSchema = z.looseObject({ Table: z.looseObject({ TableStatus: z.string() }) })

/** DynamoDB: dynalite in memory. Transactions, streams, PartiQL and TTL deletion are not there, and say so. */
export function createDynamoDb(home: Home, arns: Arns) {
  const store = openDynalite(home)

  const handle: ServiceHandler = async ({ operation, body, text }) => {
    if (!OPERATIONS.has(operation)) {
      throw new AwsError('UnknownOperationException', `${operation} is not supported by the local stack.`)
    }
    refuseIgnored(body)
    return store.call(operation, text)
  }

  return {
    handle,
    /** Makes a table and waits until it is active. @throws AwsError as the service refuses */
    async createTable(input: CreateTableCommandInput): Promise<{ arn: string }> {
      const name = input.TableName ?? ''
      const body: JsonObject = { ...input }
      refuseIgnored(body)
      answerIn(await store.call('CreateTable', JSON.stringify(body)))
      for (;;) {
        const described = answerIn(await store.call('DescribeTable', JSON.stringify({ TableName: name })))
        if (tableSchema.parse(described).Table.TableStatus === 'ACTIVE') break
        await new Promise((resolve) => setImmediate(resolve))
      }
      return { arn: arns.table(name) }
    },
  }
}
