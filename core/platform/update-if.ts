import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { isConditionFailure } from './conditions.ts'

/** Changes to one item. Attributes of `set` are simply set; everything else is written in DynamoDB's own words. */
export type ItemUpdate = {
  set?: Readonly<Record<string, unknown>>
  /** Further parts of `SET`, such as `#a.#b = :c`. */
  assign?: readonly string[]
  remove?: readonly string[]
  add?: string
  condition?: string
  names?: Readonly<Record<string, string>>
  values?: Readonly<Record<string, unknown>>
}

/** Updates an item of which `set` and `names` name the attributes; `false` when the condition did not hold. */
export async function updateIf(
  dynamo: DynamoDBDocumentClient,
  { table, key }: { table: string; key: Record<string, string> },
  { set = {}, assign = [], remove = [], add, condition, names = {}, values = {} }: ItemUpdate,
): Promise<boolean> {
  const attributes = Object.keys(set)
  const all = [...attributes.map((name) => `#${name} = :${name}`), ...assign]
  const clauses = [
    ...(all.length === 0 ? [] : [`SET ${all.join(', ')}`]),
    ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(', ')}`]),
    ...(add === undefined ? [] : [`ADD ${add}`]),
  ]
  try {
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: clauses.join(' '),
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ExpressionAttributeNames: { ...Object.fromEntries(attributes.map((name) => [`#${name}`, name])), ...names },
        ExpressionAttributeValues: {
          ...Object.fromEntries(attributes.map((name) => [`:${name}`, set[name]])),
          ...values,
        },
      }),
    )
    return true
  } catch (error) {
    if (isConditionFailure(error)) return false
    throw error
  }
}
