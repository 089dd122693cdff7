import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import { slotSchema } from '../platform/connections.ts'
import { putIfVersion } from '../platform/put-if-version.ts'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'
import { gapCauseSchema } from '../sync/gaps.ts'

/** Times are milliseconds since 1970. */
const lockSchema = z.object({ holder: z.string(), until: z.number(), what: z.string() })

/** A webhook that is being made: written down before ClickUp is asked, so that nothing that it has made is lost. */
const intentSchema = z.object({
  slot: slotSchema,
  since: z.number(),
  /** Whose token makes it: with another user's it cannot be gone on with, because it would not be listed. */
  userId: z.string(),
  /** Why; null for the first one of a connection. */
  cause: gapCauseSchema.nullable(),
  /** To be deleted first: ClickUp may refuse a second webhook beside it. */
  replaces: z.string().nullable(),
  /** Known and its secret stored, once it is here. */
  webhookId: z.string().nullable(),
  /** When every verifier knows the secret, so that all events may come. */
  readyAt: z.number().nullable(),
})
export type Intent = z.infer<typeof intentSchema>

const slotStateSchema = z.object({
  webhookId: z.string(),
  endpoint: z.string(),
  /** ClickUp's word: `active`, `failing`, `suspended`. */
  status: z.string(),
  failCount: z.number(),
  checkedAt: z.number(),
  /** The last time that nothing was wrong with it; null while that was never so. */
  goodUntil: z.number().nullable(),
  mended: z.object({ at: z.number(), what: z.string() }).nullable().default(null),
})
export type SlotState = z.infer<typeof slotStateSchema>

const reportSchema = z.object({
  at: z.number(),
  /** `mending`: a webhook is being made; `unhealthy`: what was found could not be mended; `unknown`: ClickUp gave no answer. */
  verdict: z.enum(['well', 'mending', 'unhealthy', 'unknown']),
  /** One sentence for each thing that was found, with what was done. */
  findings: z.array(z.string()),
  /** How long ClickUp took to list the webhooks, its repeats included; absent where it did not. */
  latencyMs: z.number().optional(),
  /** The most events in a row that ClickUp had given up on when they were listed, before anything was mended, and when. */
  lost: z.object({ count: z.number(), at: z.number() }).optional(),
})
export type Report = z.infer<typeof reportSchema>

/** A webhook that is replaced by one in the other slot, because its secret is to be another, or its maker. */
const rotationSchema = z.object({
  /** Names the rotation: the id of the secret's version that it makes. */
  run: z.string(),
  since: z.number(),
  /** The slot of the webhook that is replaced, and the webhook. */
  from: slotSchema,
  fromId: z.string(),
  /** Whose token made it: with another user's it is neither listed nor deleted. */
  fromUserId: z.string(),
  /** The slot of the new one, and whose token makes it. */
  to: slotSchema,
  userId: z.string(),
  /** `beside`: both stand for a while; `instead`: ClickUp refuses two, so the old one went first. */
  way: z.enum(['beside', 'instead']),
  /** `over`: the new one is active, and the old one retires. */
  phase: z.enum(['making', 'over']),
  /** Until then the guard leaves the new slot (`making`) or the old one (`over`) to it. */
  until: z.number(),
})
export type WebhookRotation = z.infer<typeof rotationSchema>

const webhooksSchema = z.object({
  version: z.number(),
  lock: lockSchema.nullable().default(null),
  intent: intentSchema.nullable().default(null),
  slots: z.object({ a: slotStateSchema.optional(), b: slotStateSchema.optional() }).prefault({}),
  /** The last run that ended with all being well; null before the first. */
  goodAt: z.number().nullable().default(null),
  rotation: rotationSchema.nullable().default(null),
  /** Since when there shall be no webhook: it was disconnected. */
  offSince: z.number().nullable().default(null),
  report: reportSchema.nullable().default(null),
})
const webhooksItem = versioned(webhooksSchema)
/** What is known of a connection's webhooks: the item `webhooks` of the state table. */
export type WebhooksState = z.infer<typeof webhooksSchema>
type Body = Omit<WebhooksState, 'version' | 'lock'>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string) => ({ [PK]: stateKey(connection, 'webhooks') })

const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(Object.keys(webhooksSchema.shape))

async function loadItem({ dynamo, table }: Table, connection: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection), ConsistentRead: true }))
  return Item
}

/** `null` before anything was known. @throws ZodError when the item is in a form that is not ours */
export async function loadWebhooks(where: Table, connection: string): Promise<WebhooksState | null> {
  const item = await loadItem(where, connection)
  return item === undefined ? null : webhooksItem.parse(item)
}

type Stored = {
  state: WebhooksState | null
  /** What a later release has added and this one writes back as it was: a webhook that is being made must not be forgotten. */
  beside: Record<string, unknown>
}

/** What cannot be read says nothing that ClickUp's list and the signing secret will not say again. */
async function loadOrForget(where: Table, connection: string): Promise<Stored> {
  const item = await loadItem(where, connection)
  if (item === undefined) return { state: null, beside: {} }
  const parsed = webhooksItem.safeParse(item)
  if (parsed.success) {
    const added = Object.entries(item).filter(([name]) => !KNOWN_ATTRIBUTES.has(name))
    return { state: parsed.data, beside: Object.fromEntries(added) }
  }
  await where.dynamo.send(new DeleteCommand({ TableName: where.table, Key: keyOf(connection) }))
  return { state: null, beside: {} }
}

/**
 * A lock whose holder writes nothing for so long is anybody's. Between two writes there is one call to ClickUp at most, with
 * its repeats (half a minute), and the few reads around it.
 */
export const LOCK_MS = 120_000

/** The right to change the webhooks of a connection. Every write renews it, and is refused once somebody has taken it over. */
export type Session = {
  readonly state: WebhooksState
  /** @throws LockLost */
  save(change: Partial<Body>): Promise<void>
  /** Ends it, with a last change. @throws LockLost */
  release(change?: Partial<Body>): Promise<void>
}

export type Opened = { kind: 'open'; session: Session } | { kind: 'busy'; what: string; until: number }

/** Somebody else has taken over: whoever meets this must not go on. */
export class LockLost extends Error {
  override readonly name = 'LockLost'
}

export type SessionServices = {
  state: Table
  connection: string
  clock: Clock
  /** Names this process and run. */
  holder: string
}

/** Takes the lock, for what is said in a word; `busy` while somebody alive has it. */
export async function openSession(
  { state: where, connection, clock, holder }: SessionServices,
  what: string,
): Promise<Opened> {
  const { state: stored, beside } = await loadOrForget(where, connection)
  const now = clock.now()
  if (stored?.lock && stored.lock.until > now) return { kind: 'busy', what: stored.lock.what, until: stored.lock.until }
  let current = stored ?? webhooksSchema.parse({ version: 0 })
  let isNew = stored === null

  async function write(change: Partial<WebhooksState>): Promise<boolean> {
    const next = { ...current, ...change, version: current.version + 1 }
    const item = { ...beside, ...keyOf(connection), ...next, schemaVersion: 1 }
    if (!(await putIfVersion(where.dynamo, where.table, item, isNew ? null : current.version))) return false
    current = next
    isNew = false
    return true
  }
  async function writeOrFail(change: Partial<WebhooksState>): Promise<void> {
    if (!(await write(change))) throw new LockLost(`The webhooks of ${connection} were taken over by another run`)
  }
  const lock = () => ({ holder, until: clock.now() + LOCK_MS, what })

  if (!(await write({ lock: lock() }))) return { kind: 'busy', what: 'another run', until: now + LOCK_MS }
  return {
    kind: 'open',
    session: {
      get state() {
        return current
      },
      save: (change) => writeOrFail({ ...change, lock: lock() }),
      release: (change = {}) => writeOrFail({ ...change, lock: null }),
    },
  }
}
