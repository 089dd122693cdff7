import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, SK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

/** A task of which a change was published without it. */
const owedSchema = versioned(z.looseObject({ [SK]: z.string(), since: z.number() }))
export type Owed = { id: string; since: number }

/**
 * The tasks whose expansion is owed: changes of them were published while they could not be read. A list of its own beside
 * the tasks, because nobody may ever deliver another change of them.
 */
export type OwedStore = {
  add(connection: string, owed: Owed): Promise<void>
  /** Crosses a debt out; one that has come to stand in its place stays. */
  remove(connection: string, owed: Owed): Promise<void>
  /** At most `limit`, in the order of their ids. */
  list(connection: string, limit: number): Promise<Owed[]>
}

export function createOwedStore({ dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string }): OwedStore {
  const keyOf = (connection: string, id: string) => ({ [PK]: stateKey(connection, 'owed'), [SK]: id })
  return {
    async add(connection, { id, since }) {
      await dynamo.send(
        new PutCommand({ TableName: table, Item: { ...keyOf(connection, id), since, schemaVersion: 1 } }),
      )
    },
    async remove(connection, { id, since }) {
      const paid = {
        ConditionExpression: '#since = :since',
        ExpressionAttributeNames: { '#since': 'since' },
        ExpressionAttributeValues: { ':since': since },
      }
      try {
        await dynamo.send(new DeleteCommand({ TableName: table, Key: keyOf(connection, id), ...paid }))
      } catch (error) {
        if (!isConditionFailure(error)) throw error
      }
    },
    async list(connection, limit) {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#pk = :owed',
          ExpressionAttributeNames: { '#pk': PK },
          ExpressionAttributeValues: { ':owed': stateKey(connection, 'owed') },
          ConsistentRead: true,
          Limit: limit,
        }),
      )
      return Items.map((item) => {
        const { [SK]: id, since } = owedSchema.parse(item)
        return { id, since }
      })
    },
  }
}
