import { BatchWriteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { PK } from '../../core/platform/tables.ts'

/** Of one call of DynamoDB. */
const MOST_WRITES = 25

type Item = Record<string, unknown>

/** What stands in the state table, kept and put back: what a turn wrote there must not decide how the next one goes. */
export function createStateTable(dynamo: DynamoDBDocumentClient, TableName: string) {
  let kept: Item[] = []

  async function items(): Promise<Item[]> {
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName, ConsistentRead: true }))
    return Items
  }

  return {
    items,
    async keep(): Promise<void> {
      kept = await items()
    },
    async putBack(): Promise<void> {
      const gone = (await items()).filter((item) => !kept.some((each) => each[PK] === item[PK]))
      const requests = [
        ...gone.map((item) => ({ DeleteRequest: { Key: { [PK]: item[PK] } } })),
        ...kept.map((Item) => ({ PutRequest: { Item } })),
      ]
      for (let at = 0; at < requests.length; at += MOST_WRITES)
        await dynamo.send(
          new BatchWriteCommand({ RequestItems: { [TableName]: requests.slice(at, at + MOST_WRITES) } }),
        )
    },
  }
}
