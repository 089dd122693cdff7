import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { putIfVersion } from '../platform/put-if-version.ts'
import { PK, stateKey } from '../platform/tables.ts'
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
}

function createRunStore<Run extends Versioned>(
  { dynamo, table }: State,
  key: string,
  schema: z.ZodType<Run>,
): RunStore<Run> {
  return {
    async load() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { [PK]: key }, ConsistentRead: true }))
      return Item === undefined ? null : schema.parse(Item)
    },
    async save(run) {
      const next = { ...run, version: run.version + 1 }
      const from = run.version === 0 ? null : run.version
      return (await putIfVersion(dynamo, table, { [PK]: key, ...next, schemaVersion: 1 }, from)) ? next : null
    },
  }
}

export const backfillRuns = (state: State, connection: string): RunStore<BackfillRun> =>
  createRunStore(state, stateKey(connection, 'backfill'), backfillRunSchema)
export const sweepRuns = (state: State, connection: string): RunStore<SweepRun> =>
  createRunStore(state, stateKey(connection, 'sweep'), sweepRunSchema)
export const censusRuns = (state: State, connection: string): RunStore<CensusRun> =>
  createRunStore(state, stateKey(connection, 'census'), censusRunSchema)
