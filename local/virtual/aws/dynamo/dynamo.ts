import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documents } from '../../../../core/platform/aws/dynamodb.ts'
import { type Caller, inProcess, type Latency, REGION } from '../in-process.ts'
import { type Counts, createCounts } from './counts.ts'
import { createExpressions } from './expressions/parsed.ts'
import { operationsOf } from './operations.ts'
import { placeOfItem, placeOfKey, type TableSchema } from './schema.ts'
import { createTable } from './table.ts'
import { itemIn, itemOut } from './values.ts'

const LATENCY: Latency = [2, 8]

/** Tables in memory. */
export type MemoryDynamo = {
  /** A client of its own for whoever has to be told from others. */
  client(caller: Caller): DynamoDBDocumentClient
  /** What a table was asked, all in all or about the keys with these first two parts (see `counts.ts`). */
  counts(table: string, keys?: string): Counts
  /** An item as it is stored, without a call. */
  item(table: string, key: Record<string, string>): Record<string, unknown> | undefined
  items(table: string): Record<string, unknown>[]
  /** Puts an item without a call, as it was before everything began. */
  seed(table: string, item: Record<string, unknown>): void
}

export function createMemoryDynamo(schemas: readonly TableSchema[]): MemoryDynamo {
  const tables = new Map(schemas.map((schema) => [schema.name, createTable(schema)]))
  const counts = createCounts()
  const tableOf = (name: string) => {
    const table = tables.get(name)
    if (table !== undefined) return table
    throw new ResourceNotFoundException({ message: `Requested resource not found: ${name}`, $metadata: {} })
  }
  const operations = operationsOf({ tableOf, counts, expressions: createExpressions() })
  return {
    client: (caller) => documents(inProcess(new DynamoDBClient({ region: REGION }), caller, LATENCY, operations)),
    counts: counts.of,
    item(name, key) {
      const table = tableOf(name)
      const item = table.get(placeOfKey(table.schema, itemIn(key)))
      return item === undefined ? undefined : itemOut(item)
    },
    items: (name) => [...tableOf(name).items()].map(itemOut),
    seed(name, given) {
      const table = tableOf(name)
      const item = itemIn(given)
      table.put(placeOfItem(table.schema, item), item)
    },
  }
}
