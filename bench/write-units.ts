import { parseArgs } from 'node:util'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { consumer } from '../test/support/consumer.ts'
import { taskItem, twins } from '../test/support/deliveries.ts'
import { startDynamo } from '../test/support/dynamo.ts'
import { openGate } from '../test/support/gate.ts'
import { taskAnswer, upstream } from '../test/support/upstream.ts'

/**
 * What one change costs in DynamoDB, by operation: the consumer's own code on embedded tables, which tell what each call
 * consumed. They do not count the writes of indexes, so these are counted here: a completed change appears in the day
 * index, a task that appears or moves in two. Fails when a change costs more than the budget.
 *
 *     node bench/write-units.ts [--changes N] [--seed N] [--break claims] [--json]
 */
const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    break: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

/** Claim 1, snapshot 1, what is accounted 1, completion 1, its index 1, a share of 2 for a new task: more is a regression. */
const BUDGET = 6

const capacity = z.looseObject({ CapacityUnits: z.number() })
const putInput = z.looseObject({
  Item: z.looseObject({ day: z.string().optional(), listKey: z.string().optional() }),
  ConditionExpression: z.string(),
})
const consumed = z.looseObject({
  ConsumedCapacity: z.union([capacity.transform((one) => [one]), z.array(capacity)]).optional(),
})

const embedded = await startDynamo()
const units = new Map<string, { calls: number; units: number }>()
count(embedded.dynamo)

const changes = Number(values.changes)
const random = mulberry32(Number(values.seed))
const T = 1_789_000_000_000
const answers = new Map<string, unknown>()
const bodies = Array.from({ length: changes }, (_, i) => {
  const id = `task${Math.floor(random() * (changes / 2))}`
  answers.set(`/task/${id}`, taskAnswer(id, { date_updated: String(T + i) }))
  return twins('taskStatusUpdated', id, taskItem.status(String(i), T + i))
}).flat()

const tables = await embedded.tables()
// A plan that bears a read for every task: what a listing saves is calls, and it is measured elsewhere (bench/storms).
const look = async () => ({ kind: 'free', calls: 9_500, limit: 10_000 }) as const
const gate = { ...openGate, look, reserve: look }
const worker = consumer({ dynamo: embedded.dynamo, tables, fetch: upstream(answers).fetch, now: T + 60_000, gate })
for (let i = 0; i < bodies.length; i += 10) {
  const batch = bodies.slice(i, i + 10).map((body) => worker.message(body))
  await worker.process(batch)
  // A ledger that forgets makes every delivery a change: the price of the missing deduplication shows.
  if (values.break === 'claims')
    await worker.process(batch.map((message) => ({ ...message, text: message.text.replaceAll('"id":"', '"id":"9') })))
}
await embedded.close()

const total = (name: RegExp) => [...units].filter(([op]) => name.test(op)).reduce((sum, [, { units: n }]) => sum + n, 0)
const result = {
  changes,
  deliveries: bodies.length,
  writeUnitsPerChange: round(total(/^(Put|Update|Delete)/) / changes),
  readUnitsPerChange: round(total(/Get/) / changes),
  budget: BUDGET,
  byOperation: Object.fromEntries(
    [...units].map(([op, { calls, units: n }]) => [
      op,
      { callsPerChange: round(calls / changes), unitsPerChange: round(n / changes) },
    ]),
  ),
}
if (new Set(worker.published.map(({ changeId }) => changeId)).size < changes)
  throw new Error(`Only ${worker.published.length} of ${changes} changes were published: nothing was measured.`)
if (values.json) console.log(JSON.stringify(result))
else console.dir(result, { depth: 5 })
if (result.writeUnitsPerChange > BUDGET) {
  console.error(`A change costs ${result.writeUnitsPerChange} write units, the budget is ${BUDGET}.`)
  process.exitCode = 1
}

function count(dynamo: DynamoDBDocumentClient): void {
  dynamo.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' })
      const output = await next(args)
      const parsed = consumed.safeParse(output.output)
      countIndexes(args.input)
      const name = `${context.commandName ?? 'unknown'}`.replace('Command', '')
      const was = units.get(name) ?? { calls: 0, units: 0 }
      const used = parsed.success
        ? (parsed.data.ConsumedCapacity ?? []).reduce((sum, one) => sum + one.CapacityUnits, 0)
        : 0
      units.set(name, { calls: was.calls + 1, units: was.units + used })
      return output
    },
    { step: 'initialize', priority: 'low' },
  )
}

function countIndexes(input: unknown): void {
  const put = putInput.safeParse(input)
  if (!put.success) return
  const { Item, ConditionExpression } = put.data
  const written =
    (Item.day === undefined ? 0 : 1) +
    (Item.listKey !== undefined && ConditionExpression.includes('not_exists') ? 2 : 0)
  if (written === 0) return
  const was = units.get('PutItem in indexes') ?? { calls: 0, units: 0 }
  units.set('PutItem in indexes', { calls: was.calls + 1, units: was.units + written })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
