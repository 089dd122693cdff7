import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type CallLimits, clientSettings } from './limits.ts'

/** A client that takes and gives plain JavaScript values; keys that are undefined are left out of what is written. */
export const dynamoClient = (limits: CallLimits) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(limits)), {
    marshallOptions: { removeUndefinedValues: true },
  })
