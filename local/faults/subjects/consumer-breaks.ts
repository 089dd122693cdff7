import * as z from 'zod'
import type { Call } from '../../virtual/aws/in-process.ts'
import { TABLES } from '../../virtual/aws/tables.ts'
import { consumerContainer, workerClient } from '../../virtual/functions.ts'
import type { Broken } from '../subject.ts'

/** Long enough for a worker to complete what it has not published, and to die. */
const LATER_MS = 2_000
/** Of a run that comes to rest there are some dozens. */
const MOST_INVOCATIONS = 300
const FOR_EVER = Date.UTC(2100, 0, 1)

const entriesSchema = z.looseObject({ Entries: z.array(z.unknown()) })
const claimSchema = z.looseObject({
  TableName: z.literal(TABLES.ledger),
  Item: z.looseObject({ status: z.literal('claimed') }),
})
const ledgerSchema = z.looseObject({
  TableName: z.literal(TABLES.ledger),
  ConditionExpression: z.string(),
  ExpressionAttributeNames: z.unknown().optional(),
  ExpressionAttributeValues: z.unknown().optional(),
})

const isWrite = ({ name }: Call) => name === 'PutItem' || name === 'DeleteItem'

/** What the consumer may be broken by, from outside: each would lose or double something if a function ended at the wrong time. */
export const CONSUMER_BREAKS = {
  /** A change is complete before the bus has it. */
  'complete-first': {
    variation: {
      through: (call, next, { sleep }) => {
        if (call.name !== 'PutEvents') return next(call)
        void sleep(LATER_MS).then(() => next(call))
        const { Entries } = entriesSchema.parse(call.input)
        return { FailedEntryCount: 0, Entries: Entries.map((_, i) => ({ EventId: `promised-${i}` })) }
      },
    },
  },
  /** A claim keeps its change for ever. */
  lease: {
    variation: {
      through: (call, next) => {
        const claim = claimSchema.safeParse(call.input)
        if (call.name !== 'PutItem' || !claim.success) return next(call)
        return next({ ...call, input: { ...claim.data, Item: { ...claim.data.Item, leaseUntil: FOR_EVER } } })
      },
      // Whoever waits for it asks every second: no more of that shows more.
      enough: ({ invocations }) => invocations.begun > MOST_INVOCATIONS,
    },
  },
  /** The ledger is written whatever stands in it. */
  conditions: {
    variation: {
      through: (call, next) => {
        const write = ledgerSchema.safeParse(call.input)
        if (!isWrite(call) || !write.success) return next(call)
        const {
          ConditionExpression: _condition,
          ExpressionAttributeNames: _names,
          ExpressionAttributeValues: _values,
          ...input
        } = write.data
        return next({ ...call, input })
      },
    },
  },
  /** A message that has failed is acknowledged all the same. */
  'forget-failed': {
    consumer: {
      client: workerClient,
      container: (world, label) => {
        const container = consumerContainer(world, label)
        return {
          ...container,
          invoke: async (event, remainingMs) => {
            await container.invoke(event, remainingMs)
            return { batchItemFailures: [] }
          },
        }
      },
    },
  },
} as const satisfies Record<string, Broken>
