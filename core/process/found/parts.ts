import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { isConditionFailure } from '../../platform/conditions.ts'
import { PK, stateKey } from '../../platform/tables.ts'
import { updateIf } from '../../platform/update-if.ts'
import { versioned } from '../../platform/versioned.ts'
import type { Found } from './found.ts'

/** What came of the messages of one run that have been worked off. */
const tallySchema = z.object({
  tasks: z.number().default(0),
  changes: z.number().default(0),
  timeEntries: z.number().default(0),
  places: z.number().default(0),
})
export type Tally = z.infer<typeof tallySchema>

export const NO_TALLY: Tally = tallySchema.parse({})

const partsSchema = z.object({
  run: z.string(),
  /** The numbers of the messages that are not known to have been worked off, and when each was sent. */
  open: z.record(z.string(), z.number()),
  ...tallySchema.shape,
})
const partsItem = versioned(partsSchema)
type Parts = z.infer<typeof partsSchema>

type JobName = Found['part']['job']

/**
 * Which messages of a run the consumer still has: written before they are sent and crossed out when they are worked off, so
 * that none is forgotten. An item of its own, because the consumer writes it while the run goes on.
 */
export type PartStore = {
  /** Begins to keep those of a run, and forgets another one's; again for the same run it changes nothing. */
  begin(job: JobName, run: string): Promise<void>
  /** Says that these are about to be sent. @throws Error when another run has begun since */
  open(job: JobName, run: string, numbers: readonly number[], now: number): Promise<void>
  /** Crosses one out and counts what came of it; once, however often it is said. */
  done(part: Found['part'], tally: Tally): Promise<void>
  load(job: JobName): Promise<Parts | null>
  /** Forgets those of a run whose numbers are above: they were written down and never sent, or will be sent anew. */
  forgetAbove(job: JobName, run: string, number: number): Promise<void>
}

type PartServices = { dynamo: DynamoDBDocumentClient; table: string; connection: string }

/** So many are written down with one write: DynamoDB refuses an expression above 4 KB. */
const AT_ONCE = 50

const nameOf = (number: number) => `p${number}`

export function createPartStore({ dynamo, table, connection }: PartServices): PartStore {
  const keyOf = (job: JobName) => ({ [PK]: stateKey(connection, `${job}#parts`) })
  const ofRun = (run: string) => ({ names: { '#run': 'run', '#open': 'open' }, values: { ':run': run } })

  async function load(job: JobName): Promise<Parts | null> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(job), ConsistentRead: true }))
    return Item === undefined ? null : partsItem.parse(Item)
  }

  return {
    load,
    async begin(job, run) {
      const item = { ...keyOf(job), run, open: {}, ...NO_TALLY, schemaVersion: 1 }
      try {
        await dynamo.send(
          new PutCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(#run) OR #run <> :run',
            ExpressionAttributeNames: { '#run': 'run' },
            ExpressionAttributeValues: { ':run': run },
          }),
        )
      } catch (error) {
        if (!isConditionFailure(error)) throw error
      }
    },
    async open(job, run, numbers, now) {
      const { names, values } = ofRun(run)
      for (let i = 0; i < numbers.length; i += AT_ONCE) {
        const some = numbers.slice(i, i + AT_ONCE)
        const isOurs = await updateIf(
          dynamo,
          { table, key: keyOf(job) },
          {
            assign: some.map((_, n) => `#open.#p${n} = :now`),
            condition: '#run = :run',
            names: { ...names, ...Object.fromEntries(some.map((number, n) => [`#p${n}`, nameOf(number)])) },
            values: { ...values, ':now': now },
          },
        )
        // What is not written down is not waited for.
        if (!isOurs) throw new Error(`Another ${job} has begun since ${run} did`)
      }
    },
    async done({ job, run, number, sentAt }, tally) {
      const { names, values } = ofRun(run)
      const counted = Object.entries(tally).filter(([, value]) => value > 0)
      await updateIf(
        dynamo,
        { table, key: keyOf(job) },
        {
          remove: ['#open.#part'],
          ...(counted.length === 0 ? {} : { add: counted.map(([name]) => `#${name} :${name}`).join(', ') }),
          condition: '#run = :run AND #open.#part = :sentAt',
          names: {
            ...names,
            '#part': nameOf(number),
            ...Object.fromEntries(counted.map(([name]) => [`#${name}`, name])),
          },
          values: {
            ...values,
            ':sentAt': sentAt,
            ...Object.fromEntries(counted.map(([name, value]) => [`:${name}`, value])),
          },
        },
      )
    },
    async forgetAbove(job, run, number) {
      const parts = await load(job)
      if (parts === null || parts.run !== run) return
      const above = Object.keys(parts.open).filter((name) => Number(name.slice(1)) > number)
      const { names, values } = ofRun(run)
      for (let i = 0; i < above.length; i += AT_ONCE) {
        const some = above.slice(i, i + AT_ONCE)
        await updateIf(
          dynamo,
          { table, key: keyOf(job) },
          {
            remove: some.map((_, n) => `#open.#p${n}`),
            condition: '#run = :run',
            names: { ...names, ...Object.fromEntries(some.map((name, n) => [`#p${n}`, name])) },
            values,
          },
        )
      }
    },
  }
}
