import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../platform/clock.ts'
import { PK } from '../../platform/tables.ts'
import { type ItemUpdate, updateIf } from '../../platform/update-if.ts'
import { occasionKey } from './occasion.ts'
import { fitted, type Made, type OccasionRecord, type Output, type OutputState } from './record.ts'

export type Where = { dynamo: DynamoDBDocumentClient; table: string }

export type OccasionServices = Where & {
  clock: Clock
  /** Names this worker and no other: an invocation, not a container. */
  owner: string
}

/** A worker's hold on an occasion. Every write throws when another worker has taken over: the job comes again. */
export type Session = {
  /** As it was last read or written. */
  readonly record: OccasionRecord
  /** Answers with what was kept of it: less, where it was too large for an item. */
  keep<Kept extends Made>(made: Kept): Promise<Kept>
  mark(output: Output, state: OutputState): Promise<void>
  /** Ends it without having made anything. `reason`: for people. */
  drop(reason: string): Promise<void>
  /** Gives it back, so that whoever comes next need not wait for the lease to end. */
  release(): Promise<void>
}

/** The hold of the worker that has just written the record. */
export function sessionOf({ dynamo, table, owner }: OccasionServices, opened: OccasionRecord): Session {
  const key = { [PK]: occasionKey(opened.occasion) }
  let record = opened

  async function write(change: Partial<OccasionRecord>, update: ItemUpdate): Promise<void> {
    const held = await updateIf(
      dynamo,
      { table, key },
      {
        ...update,
        add: '#version :one',
        condition: '#owner = :mine',
        names: { ...update.names, '#owner': 'owner', '#version': 'version' },
        values: { ...update.values, ':mine': owner, ':one': 1 },
      },
    )
    if (!held) throw new Error(`${key[PK]} is not ours any more: another worker has taken over, or it was erased`)
    record = { ...record, ...change }
  }

  return {
    get record() {
      return record
    },
    async keep(made) {
      const kept = fitted(made)
      await write({ made: kept }, { set: { made: kept } })
      return kept
    },
    mark: (output, state) =>
      write(
        { outputs: { ...record.outputs, [output]: state } },
        {
          assign: ['#outputs.#output = :state'],
          names: { '#outputs': 'outputs', '#output': output },
          values: { ':state': state },
        },
      ),
    drop: (reason) => write({ dropped: reason }, { set: { dropped: reason } }),
    async release() {
      // Whoever has taken over keeps it.
      await updateIf(
        dynamo,
        { table, key },
        {
          assign: ['#owner = :nobody'],
          add: '#version :one',
          condition: '#owner = :mine',
          names: { '#owner': 'owner', '#version': 'version' },
          values: { ':nobody': null, ':mine': owner, ':one': 1 },
        },
      )
    },
  }
}
