import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { putIfVersion } from '../platform/put-if-version.ts'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

/** Why deliveries may have been missed. `lost`: nothing was wrong with the webhook, and a sweep found what was not delivered. */
export const gapCauseSchema = z.enum([
  'suspended',
  'failing',
  'missing',
  'elsewhere',
  'events',
  'silent',
  'rotation',
  'polling',
  'lost',
])
export type GapCause = z.infer<typeof gapCauseSchema>

const repairsSchema = z.object({
  tasks: z.number().default(0),
  changes: z.number().default(0),
  timeEntries: z.number().default(0),
  places: z.number().default(0),
})
export type Repairs = z.infer<typeof repairsSchema>

/** A window in which deliveries may have been missed; times are milliseconds since 1970. */
const gapSchema = z.object({
  id: z.string(),
  cause: gapCauseSchema,
  /** The last moment at which all was known to be well. */
  from: z.number(),
  /** When it was mended; null while it is not. */
  to: z.number().nullable(),
  /** One sentence: what was wrong and what was done. */
  detail: z.string(),
  /** What sweeps have repaired in it so far. */
  repaired: repairsSchema.prefault({}),
  /** The last sweep whose repairs are among them: its last step may be repeated. */
  lastRun: z.string().optional(),
  /** How many events ClickUp said that it had given up in it, as the guard saw it; null where nobody knows. */
  givenUp: z.number().nullable().default(null),
  /** When a sweep had accounted for all of it; null while none has. */
  sweptAt: z.number().nullable().default(null),
})
export type Gap = z.infer<typeof gapSchema>

const gapsSchema = versioned(z.object({ version: z.number(), gaps: z.array(gapSchema) }))

/** The latest are kept: an item must stay small, and the ledger has what was repaired. */
const MOST_GAPS = 200
const ATTEMPTS = 8

export type GapStore = {
  list(connection: string): Promise<Gap[]>
  /** Changes the list, again if somebody else was quicker; `null` leaves it as it is. The newest gap comes last. */
  revise(connection: string, change: (gaps: readonly Gap[]) => readonly Gap[] | null): Promise<void>
}

export function createGapStore({ dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string }): GapStore {
  async function load(connection: string) {
    const key = { [PK]: stateKey(connection, 'gaps') }
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
    return Item === undefined ? null : gapsSchema.parse(Item)
  }
  return {
    list: async (connection) => (await load(connection))?.gaps ?? [],
    async revise(connection, change) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const stored = await load(connection)
        const gaps = change(stored?.gaps ?? [])
        if (gaps === null) return
        const item = {
          [PK]: stateKey(connection, 'gaps'),
          version: (stored?.version ?? 0) + 1,
          gaps: gaps.slice(-MOST_GAPS),
          schemaVersion: 1,
        }
        if (await putIfVersion(dynamo, table, item, stored?.version ?? null)) return
      }
      throw new Error(`The gaps of ${connection} were written by others ${ATTEMPTS} times in a row`)
    },
  }
}
