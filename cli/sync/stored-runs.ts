import * as z from 'zod'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { Failure } from '../failure.ts'
import type { Target } from '../target.ts'

type Stored<Run> = { load(): Promise<Run | null> }

/** Where the runs of a connection stand. @throws Failure for an item that nobody can go on with, which says what to do */
export function storedRuns({ dynamo, tables }: Pick<Target, 'dynamo' | 'tables'>, connection: string) {
  const state = { dynamo, table: tables.state }
  const readable = <Run>(thing: string, { load }: Stored<Run>): Stored<Run> => ({
    async load() {
      try {
        return await load()
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error
        const key = JSON.stringify({ [PK]: { S: stateKey(connection, thing) } })
        throw new Failure(
          `What is stored of the ${thing} of ${connection} cannot be read (half written, or of another version): ` +
            `remove it with aws dynamodb delete-item --table-name ${tables.state} --key '${key}', then run this again.`,
        )
      }
    },
  })
  return {
    backfill: readable('backfill', backfillRuns(state, connection)),
    sweep: readable('sweep', sweepRuns(state, connection)),
    census: readable('census', censusRuns(state, connection)),
  }
}
