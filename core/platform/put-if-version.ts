import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { isConditionFailure } from './conditions.ts'
import { PK } from './tables.ts'

/** Puts an item that carries a `version`, unless it was written since version `from` (`null`: since it was absent). */
export async function putIfVersion(
  dynamo: DynamoDBDocumentClient,
  table: string,
  item: Record<string, unknown>,
  from: number | null,
): Promise<boolean> {
  const condition =
    from === null
      ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': PK } }
      : {
          ConditionExpression: '#version = :from',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':from': from },
        }
  try {
    await dynamo.send(new PutCommand({ TableName: table, Item: item, ...condition }))
    return true
  } catch (error) {
    if (isConditionFailure(error)) return false
    throw error
  }
}
