import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

import { fewAtOnce } from './few-at-once.ts'

/** The most that one BatchGetItem takes. */
const BATCH = 100
/** Unprocessed keys come back when the table is throttled; the caller's message is retried after so many rounds. */
const ROUNDS = 5

type Key = Record<string, string>

/**
 * Many items of one table; absent ones are simply not among the answers.
 * @param how consistent reads by default; others cost half as much and may miss what was written a moment ago
 */
export async function getAll(
  dynamo: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  how: { consistent: boolean } = { consistent: true },
): Promise<Record<string, unknown>[]> {
  const batches: Key[][] = []
  for (let i = 0; i < keys.length; i += BATCH) batches.push(keys.slice(i, i + BATCH))
  return (await fewAtOnce(batches, (batch) => getBatch(dynamo, table, batch, how))).flat()
}

async function getBatch(
  dynamo: DynamoDBDocumentClient,
  table: string,
  keys: Key[],
  { consistent }: { consistent: boolean },
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  let pending: Record<string, unknown>[] = keys
  for (let round = 0; round < ROUNDS && pending.length > 0; round += 1) {
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: pending, ConsistentRead: consistent } } }),
    )
    items.push(...(Responses?.[table] ?? []))
    pending = UnprocessedKeys?.[table]?.Keys ?? []
  }
  if (pending.length > 0) throw new Error(`${table}: ${pending.length} items could not be read, the table is throttled`)
  return items
}
