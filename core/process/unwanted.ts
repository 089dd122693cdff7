import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { updateIf } from '../platform/update-if.ts'
import { versioned } from '../platform/versioned.ts'

/** Lists whose tasks nobody wants, and until when that is remembered. */
const unwantedSchema = versioned(z.object({ lists: z.record(z.string(), z.number()) })).catch({ lists: {} })

/** More are not remembered: what does not fit is read again, and an item stays small. */
const MOST_LISTS = 500

export type Unwanted = {
  lists(): Promise<ReadonlyMap<string, number>>
  remember(lists: readonly string[], until: number): Promise<void>
}

type UnwantedServices = { dynamo: DynamoDBDocumentClient; table: string; connection: string }

export function createUnwanted({ dynamo, table, connection }: UnwantedServices): Unwanted {
  const key = { [PK]: stateKey(connection, 'unwanted') }

  async function load(): Promise<Record<string, number>> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key }))
    return unwantedSchema.parse(Item ?? {}).lists
  }

  return {
    lists: async () => new Map(Object.entries(await load())),
    async remember(lists, until) {
      // The last one to write wins; what is lost is learnt again.
      const known = Object.entries(await load()).sort(([, a], [, b]) => b - a)
      const all = [...lists.map((list) => [list, until] as const), ...known.filter(([list]) => !lists.includes(list))]
      await updateIf(
        dynamo,
        { table, key },
        {
          set: { lists: Object.fromEntries(all.slice(0, MOST_LISTS)), schemaVersion: 1 },
        },
      )
    },
  }
}
