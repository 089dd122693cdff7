import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { isConditionFailure } from '../platform/conditions.ts'
import { putIfVersion } from '../platform/put-if-version.ts'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'
import {
  type BackfillRun,
  backfillRunSchema,
  type CensusRun,
  censusRunSchema,
  type SweepRun,
  sweepRunSchema,
} from './run.ts'
import type { SyncServices } from './services.ts'

type State = Pick<SyncServices['state'], 'dynamo' | 'table'>
type Versioned = { version: number }

/** Where a run stands, written whole and only by who has read it. */
export type RunStore<Run extends Versioned> = {
  /** `null` while there was none. @throws ZodError for an item that is none of ours */
  load(): Promise<Run | null>
  /** `null` when somebody else has written since it was read. */
  save(run: Run): Promise<Run | null>
  /** Puts what stands there under another name, `connection#thing#unreadable`, so that a run can begin and nothing is lost. */
  setAside(): Promise<void>
}

function createRunStore<Run extends Versioned>(
  { dynamo, table }: State,
  key: string,
  schema: z.ZodType<Run>,
): RunStore<Run> {
  const stored = versioned(schema)
  return {
    async load() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { [PK]: key }, ConsistentRead: true }))
      return Item === undefined ? null : stored.parse(Item)
    },
    async save(run) {
      const next = { ...run, version: run.version + 1 }
      const from = run.version === 0 ? null : run.version
      return (await putIfVersion(dynamo, table, { [PK]: key, ...next, schemaVersion: 1 }, from)) ? next : null
    },
    async setAside() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { [PK]: key }, ConsistentRead: true }))
      if (Item === undefined) return
      await dynamo.send(new PutCommand({ TableName: table, Item: { ...Item, [PK]: `${key}#unreadable` } }))
      try {
        await dynamo.send(new DeleteCommand({ TableName: table, Key: { [PK]: key }, ...asItWas(Item) }))
      } catch (error) {
        // Somebody else has set it aside and begun.
        if (!isConditionFailure(error)) throw error
      }
    },
  }
}

/** The condition that an item was not written since, as far as its own words tell. */
function asItWas(item: Record<string, unknown>) {
  const told = ['run', 'version', 'updatedAt'].map((name) => ({ name, value: item[name] }))
  const values = told.filter(({ value }) => value !== undefined).map(({ name, value }) => [`:${name}`, value])
  return {
    ConditionExpression: told
      .map(({ name, value }) => (value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(told.map(({ name }) => [`#${name}`, name])),
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  }
}

/** What stands there, or null when it cannot be read: for whoever only looks, and can do without. */
export async function readable<Run extends Versioned>(runs: RunStore<Run>): Promise<Run | null> {
  try {
    return await runs.load()
  } catch (error) {
    if (error instanceof z.ZodError) return null
    throw error
  }
}

export const backfillRuns = (state: State, connection: string): RunStore<BackfillRun> =>
  createRunStore(state, stateKey(connection, 'backfill'), backfillRunSchema)
export const sweepRuns = (state: State, connection: string): RunStore<SweepRun> =>
  createRunStore(state, stateKey(connection, 'sweep'), sweepRunSchema)
export const censusRuns = (state: State, connection: string): RunStore<CensusRun> =>
  createRunStore(state, stateKey(connection, 'census'), censusRunSchema)
