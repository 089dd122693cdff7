import * as z from 'zod'
import { stateKey } from '../../core/platform/tables.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import { WINDOW_PREFIX } from '../../core/upstream/window.ts'
import type { Call, Through } from '../../local/virtual/aws/in-process.ts'
import { TABLES } from '../../local/virtual/aws/tables.ts'
import { CONNECTION, QUEUES } from '../../local/virtual/environment.ts'
import type { Run } from '../../local/virtual/run.ts'
import type { Variation } from '../../local/virtual/variation.ts'

/**
 * What can be broken on purpose, to see that the scenarios notice. Nothing of the functions' own code is touched: they are given
 * settings that nobody would choose, or a world that forgets.
 */
export const BREAKS = {
  /** No snapshot looks as if it had ever been read, so every change has its task read. */
  elide: {
    through: answers('BatchGetItem', TABLES.tasks, (item) =>
      item.sk === SNAPSHOT_SK ? { ...item, observedAt: 0, updatedAt: 0 } : item,
    ),
  },
  /** However much is read singly, it is never called a storm. */
  wide: { reading: { fewReads: 1_000_000 } },
  /** A task is read again as soon as it has changed again. */
  debounce: { reading: { debounceMs: 0 } },
  /** Nobody remembers what was leased, and no header tells. */
  budget: {
    through: forgetful((attribute) => attribute.startsWith(WINDOW_PREFIX)),
    fetch: (fetch) => async (url, init) => {
      const response = await fetch(url, init)
      const headers = new Headers(response.headers)
      for (const name of response.headers.keys()) if (name.startsWith('x-ratelimit-')) headers.delete(name)
      return new Response(response.body, { status: response.status, headers })
    },
  },
  /** Nobody remembers that ClickUp was down. */
  breaker: { through: forgetful((attribute) => attribute === 'breaker'), enough: callsInVain },
  /** What would be put off cannot be, so it fails. */
  defer: {
    through: async (call, next) => {
      if (call.name !== 'SendMessageBatch') return next(call)
      const { QueueUrl, Entries } = batchSchema.parse(call.input)
      if (QueueUrl !== QUEUES.deliveries) return next(call)
      return { Successful: [], Failed: Entries.map(({ Id }) => ({ Id, SenderFault: false, Code: 'Broken' })) }
    },
  },
  /** A backfill asks in the lane of what is live. */
  lane: {
    syncServices: (services, { job, live }) => (job === 'backfill' ? { ...services, clickup: live() } : services),
  },
  /** Where a run has come to is saved before the queue has what it found. */
  cursor: {
    syncServices: (services, { sleep }) => ({
      ...services,
      handOver: async (messages) => void sleep(SAVED_BEFORE_MS).then(() => services.handOver(messages)),
    }),
  },
  /** Sweeps leave nothing to deliveries that are on their way, and promise that there are none. */
  horizon: { sync: { lateMs: 0 } },
  /** Nobody is told that a task is gone for good. */
  gone: {
    fetch: (fetch, container) => async (url, init) => {
      const response = await fetch(url, init)
      if (!container.startsWith('sync') || response.status !== 404) return response
      const body = { err: 'Team not authorized', ECODE: 'OAUTH_027' }
      return Response.json(body, { status: 401, headers: response.headers })
    },
  },
} as const satisfies Record<string, Variation>

export type Break = keyof typeof BREAKS

export const isBreak = (name: string): name is Break => Object.hasOwn(BREAKS, name)

/** Long enough for a worker to save what it has not sent, and to die. */
const SAVED_BEFORE_MS = 5_000
const IN_VAIN = 100
const IN_VAIN_WITHIN_MS = 600_000

/** Ten calls a minute to nobody: a day of that would take an hour. */
function callsInVain({ clickup: { calls }, time }: Run): boolean {
  const before = calls.at(-IN_VAIN)
  if (before === undefined || before.begunAt < time.now() - IN_VAIN_WITHIN_MS) return false
  return calls.slice(-IN_VAIN).every(({ status }) => status === 0)
}

const batchSchema = z.looseObject({ QueueUrl: z.string(), Entries: z.array(z.looseObject({ Id: z.string() })) })

const itemSchema = z.record(z.string(), z.unknown())
type Item = z.infer<typeof itemSchema>
const answersSchema = z.looseObject({ Responses: z.record(z.string(), z.array(itemSchema)) })

/** Changes every item of a table in the answers of one operation. */
function answers(operation: string, table: string, change: (item: Item) => Item): Through {
  return async (call, next) => {
    const output = await next(call)
    if (call.name !== operation) return output
    const { Responses, ...rest } = answersSchema.parse(output)
    const items = Responses[table]
    return items === undefined ? output : { ...rest, Responses: { ...Responses, [table]: items.map(change) } }
  }
}

const UPSTREAM = stateKey(CONNECTION, 'upstream')
const requestSchema = z.looseObject({
  TableName: z.literal(TABLES.state),
  Key: z.looseObject({ pk: z.literal(UPSTREAM) }),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
})
const gotSchema = z.looseObject({ Item: itemSchema.default({}) })

/** The state that all workers share does not hold some of its attributes: what is written to them is gone. */
function forgetful(isForgotten: (attribute: string) => boolean): Through {
  return async (call: Call, next) => {
    const request = requestSchema.safeParse(call.input)
    if (!request.success) return next(call)
    if (call.name === 'UpdateItem') {
      const names = Object.values(request.data.ExpressionAttributeNames)
      return names.some(isForgotten) ? {} : next(call)
    }
    if (call.name !== 'GetItem') return next(call)
    const { Item } = gotSchema.parse(await next(call))
    return { Item: Object.fromEntries(Object.entries(Item).filter(([attribute]) => !isForgotten(attribute))) }
  }
}
