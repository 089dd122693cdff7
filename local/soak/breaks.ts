import * as z from 'zod'
import { SK } from '../../core/platform/tables.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import type { Through } from '../virtual/aws/in-process.ts'
import { TABLES } from '../virtual/aws/tables.ts'
import { QUEUES } from '../virtual/environment.ts'
import type { Variation } from '../virtual/variation.ts'

const requestSchema = z.looseObject({
  TableName: z.string().optional(),
  QueueUrl: z.string().optional(),
  MessageBody: z.string().default(''),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).default({}),
})

const MINUTE = 60_000
const snapshotSchema = z.looseObject({ Item: z.looseObject({ [SK]: z.literal(SNAPSHOT_SK) }) })
const breakerSchema = z.looseObject({
  Item: z
    .looseObject({ breaker: z.looseObject({ probeAt: z.number() }) })
    .optional()
    .catch(undefined),
})

/** What is broken on purpose, from outside, to see that a run notices. */
export const BREAKS = {
  /** No sweep ever begins, whoever asks for it. */
  sweep: { through: withoutJob(QUEUES.jobs, 'sweep') },
  /** Nor the guard. */
  guard: { through: withoutJob(QUEUES.guard, 'guard') },
  /** Nobody sees what is done, and every claim succeeds: a change that came before is worked off again. */
  dedupe: {
    through: (call, next) =>
      call.name === 'BatchGetItem' && JSON.stringify(call.input).includes(`"${TABLES.ledger}"`)
        ? { Responses: {}, UnprocessedKeys: {} }
        : unconditional(({ TableName }) => TableName === TABLES.ledger)(call, next),
  },
  /** What a sweep has found is not recognised when its delivery comes after all. */
  accounted: {
    through: (call, next) => {
      const { TableName, ExpressionAttributeValues = {} } = requestSchema.safeParse(call.input).data ?? {}
      const isHistory = call.name === 'Query' && TableName === TABLES.ledger && ':since' in ExpressionAttributeValues
      return isHistory ? { Items: [], Count: 0, ScannedCount: 0 } : next(call)
    },
  },
  /** A snapshot is written once more a minute later, whatever stands there by then. */
  order: {
    through: (call, next, { sleep }) => {
      if (call.name === 'PutItem' && snapshotSchema.safeParse(call.input).success)
        void sleep(MINUTE).then(() => unconditional(() => true)(call, next))
      return next(call)
    },
  },
  /** Nobody sees that the breaker is open. */
  breaker: {
    through: async (call, next) => {
      const output = await next(call)
      const { Item } = call.name === 'GetItem' ? breakerSchema.parse(output) : {}
      return Item === undefined ? output : { ...output, Item: { ...Item, breaker: { ...Item.breaker, probeAt: null } } }
    },
  },
} as const satisfies Record<string, Variation>

export type Break = keyof typeof BREAKS
export const isBreak = (name: string): name is Break => Object.hasOwn(BREAKS, name)

export const variationOf = (breaks: Break | null): Variation => (breaks === null ? {} : BREAKS[breaks])

/** Jobs that somebody sends on are lost; those that nobody sends on are not begun in the first place (see acts/operator.ts). */
function withoutJob(queue: string, job: string): Through {
  return (call, next) => {
    const request = requestSchema.safeParse(call.input).data
    const isLost = request?.QueueUrl === queue && request.MessageBody.includes(`"job":"${job}"`)
    return isLost ? { MessageId: 'nowhere' } : next(call)
  }
}

/** Some writes lose their conditions. */
function unconditional(isMeant: (request: z.infer<typeof requestSchema>) => boolean): Through {
  return (call, next) => {
    const request = requestSchema.safeParse(call.input)
    if (!request.success || !/^(Put|Delete)Item$/.test(call.name) || !isMeant(request.data)) return next(call)
    const given = z.record(z.string(), z.unknown()).parse(call.input)
    const input = Object.fromEntries(Object.entries(given).filter(([name]) => !CONDITION.has(name)))
    return next({ ...call, input })
  }
}

/** Of a write that has no other expression. */
const CONDITION = new Set(['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'])
