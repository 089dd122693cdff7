import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { updateIf } from '../platform/update-if.ts'
import { versioned } from '../platform/versioned.ts'

/** How finely it is noted what waits and what was heard. */
export const notingSchema = z.object({
  /** Deliveries are told apart by so much: a sweep takes the oldest that waits for that much older. */
  bucketMs: z
    .int()
    .positive()
    .default(5 * 60_000),
  /** What is put off until then has been worked off or put off again so soon after: a queue that is longer shows otherwise. */
  slackMs: z.int().positive().default(60_000),
  /** So often the news that something was delivered is written. */
  heardEveryMs: z.int().positive().default(60_000),
})
type Noting = z.infer<typeof notingSchema>

/** Forgotten long after it ended, when nobody can still be about to prolong it; so many with one write. */
const FORGOTTEN_AFTER_MS = 3_600_000
const FORGOTTEN_AT_ONCE = 50

const intakeSchema = z.object({
  /** Of deliveries that were put off: when they came in (ms since 1970, rounded down), and until when some of them wait. */
  waits: z.record(z.string(), z.number()).default({}),
  /** When the last delivery came in that anybody has told of. */
  heardAt: z.number().default(0),
  /** So much later others may have come in of which nobody told. */
  untoldMs: z.number().default(60_000),
})
const intakeItem = versioned(intakeSchema)
export type Intake = z.infer<typeof intakeSchema>

/**
 * What of the deliveries is still under way, as far as a sweep has to know: no queue tells when the oldest of its messages
 * first came in, and deferral makes new messages of old ones. So whoever puts one off says so.
 */
export type Pending = {
  /** Says that deliveries were received, and of those that were put off until when they wait. */
  note(news: { heardAt: number; waits: readonly { receivedAt: number; until: number }[] }): Promise<void>
  load(): Promise<Intake>
}

/** When the oldest delivery that waits came in, at the earliest; null when none is known to wait. */
export function oldestPending({ waits }: Intake, now: number): number | null {
  const open = Object.entries(waits).flatMap(([bucket, until]) => (until > now ? Number(bucket) : []))
  return open.length === 0 ? null : Math.min(...open)
}

type PendingServices = { dynamo: DynamoDBDocumentClient; table: string; connection: string; noting?: Noting }

/** One for each connection and container: it remembers what it has written, so that a storm costs few writes. */
export function createPending({
  dynamo,
  table,
  connection,
  noting = notingSchema.parse({}),
}: PendingServices): Pending {
  const { bucketMs, slackMs, heardEveryMs } = noting
  const key = { [PK]: stateKey(connection, 'intake') }
  const written = new Map<string, number>()
  let heard = 0

  async function load(): Promise<Intake> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
    return intakeItem.parse(Item ?? {})
  }

  async function write(changes: Map<string, number>, newest: number): Promise<void> {
    const { waits, heardAt: before } = await load()
    const heardAt = Math.max(newest, before)
    const newer = [...changes].filter(([bucket, until]) => until > (waits[bucket] ?? 0))
    const old = Object.entries(waits).filter(
      ([bucket, until]) => until < heardAt - FORGOTTEN_AFTER_MS && !changes.has(bucket),
    )
    const forgotten = old.slice(0, FORGOTTEN_AT_ONCE)
    // A path into a map that is not there is refused, so the map comes first.
    const isEmpty = Object.keys(waits).length === 0
    // What another worker has told of so lately covers this, too.
    const isNews = newest >= before + heardEveryMs || before === 0
    if (isNews || (isEmpty && newer.length > 0) || forgotten.length > 0)
      await updateIf(
        dynamo,
        { table, key },
        {
          set: { heardAt, untoldMs: heardEveryMs, schemaVersion: 1 },
          assign: isEmpty ? ['#waits = if_not_exists(#waits, :empty)'] : [],
          remove: forgotten.map((_, i) => `#waits.#o${i}`),
          names: {
            ...(isEmpty || forgotten.length > 0 ? { '#waits': 'waits' } : {}),
            ...Object.fromEntries(forgotten.map(([bucket], i) => [`#o${i}`, bucket])),
          },
          values: isEmpty ? { ':empty': {} } : {},
        },
      )
    // One by one, each on its condition: of two workers that have looked at the same time, the later time has to stand.
    for (const [bucket, until] of newer) {
      const names = { '#waits': 'waits', '#bucket': bucket }
      const condition = 'attribute_not_exists(#waits.#bucket) OR #waits.#bucket < :until'
      const assign = ['#waits.#bucket = :until']
      await updateIf(dynamo, { table, key }, { assign, condition, names, values: { ':until': until } })
    }
    for (const [bucket, until] of changes) written.set(bucket, until)
    heard = isNews ? heardAt : before
  }

  return {
    load,
    async note({ heardAt, waits }) {
      const changes = new Map<string, number>()
      for (const { receivedAt, until } of waits) {
        const bucket = String(Math.floor(receivedAt / bucketMs) * bucketMs)
        // Rounded up, so that what comes back a little later is no news.
        const end = Math.ceil((until + slackMs) / slackMs) * slackMs
        if (end > (written.get(bucket) ?? 0)) changes.set(bucket, Math.max(end, changes.get(bucket) ?? 0))
      }
      if (changes.size > 0 || heardAt >= heard + heardEveryMs) await write(changes, heardAt)
    },
  }
}
