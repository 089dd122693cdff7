import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type CallLimits, clientSettings } from './limits.ts'

/**
 * Takes and gives plain JavaScript values; keys that are undefined are left out of what is written.
 *
 * A number is a number, also beyond 2^53: anybody can type one into a custom field, and the SDK's own way is to throw when
 * it is written and to answer with a bigint when it is read. And an object is a map, also one with a key `constructor`, which
 * the SDK would take for an instance of a class.
 */
export const documents = (client: DynamoDBClient) =>
  DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true, convertClassInstanceToMap: true },
    unmarshallOptions: { wrapNumbers: Number },
  })

export const dynamoClient = (limits: CallLimits) => documents(new DynamoDBClient(clientSettings(limits)))
