import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../../platform/tables.ts'
import { type ItemUpdate, updateIf } from '../../platform/update-if.ts'
import { versioned } from '../../platform/versioned.ts'

/** How long a single read is remembered: what everybody read in this time tells how much is going on. */
export const REMEMBERED_MS = 10_000
/** So many are forgotten with one write: DynamoDB refuses an expression above 4 KB, and what is left goes with the next. */
const FORGOTTEN_AT_ONCE = 50
/** A storm in which nobody has listed for so long after it was time is over. */
const QUIET_MS = 30_000

/** A stretch of `date_updated` that is still to be listed, both ends included; `until` is null where it is open. */
const stretchSchema = z.object({
  since: z.number(),
  until: z.number().nullable(),
  page: z.number(),
  archived: z.boolean(),
})
export type Stretch = z.infer<typeof stretchSchema>

/**
 * Who reads what of a connection, seen by every worker: the one place where workers agree not to read the same.
 *
 * Single reads are remembered for seconds, so that nobody reads a task again before ClickUp's answers can have changed.
 * In a storm changed tasks are not read one by one: they wait for one worker that lists them a hundred at a time.
 * Times are milliseconds since 1970; 0 is never.
 */
const deskSchema = z.object({
  /** What was read singly, and when: `task#id` to a time. */
  reads: z.record(z.string(), z.number()).default({}),
  /** When the storm began that is going on. */
  stormSince: z.number().default(0),
  /** About how many tasks wait for the next listing, and the oldest change among those they wait for. */
  waiting: z.number().default(0),
  waitingSince: z.number().default(0),
  /** Before this time nobody begins to list. */
  nextListingAt: z.number().default(0),
  /** Until when the worker that lists has the right to, and when it is expected to end. */
  listingUntil: z.number().default(0),
  listingEnds: z.number().default(0),
  /** What the last listing had no time for, and when the first of the listings began that are to end with it. */
  todo: z.array(stretchSchema).default([]),
  begunAt: z.number().default(0),
  /** The last few listings that came to their end: everything updated since `from` was listed, as of `at`. */
  listed: z.array(z.object({ from: z.number(), at: z.number() })).default([]),
  /** When the errand for what is owed is expected on the queue. */
  errandAt: z.number().default(0),
  /** Whether ClickUp has to be asked for the reverse order to begin with what was updated last. */
  reverse: z.boolean().default(false),
})
const deskItem = versioned(deskSchema)
export type DeskView = z.infer<typeof deskSchema>

export const EMPTY_DESK: DeskView = deskSchema.parse({})

/** Whether a storm goes on: one that nobody told to be over is, all the same, when nobody lists any more. */
export const isStormy = ({ stormSince, nextListingAt, listingUntil }: DeskView, now: number): boolean =>
  stormSince > 0 && (nextListingAt + QUIET_MS >= now || listingUntil + QUIET_MS >= now)

/**
 * Of so many that wait it is enough to know about how many they are: one in eight tells for all of them, because a write for each
 * would cost as much as its change.
 */
const MANY_WAITING = 100
const TELLS_FOR = 8

type Waiting = Pick<DeskView, 'waiting' | 'waitingSince' | 'nextListingAt'> & { now: number; chance: number }
type Taken = Pick<DeskView, 'listingUntil' | 'listingEnds' | 'begunAt'> & { now: number; since: number }
type Ended = Pick<DeskView, 'nextListingAt' | 'todo' | 'listed' | 'reverse'>

export type Desk = {
  look(): Promise<DeskView>
  /** Remembers single reads as begun `now`; `false` when somebody has begun one of them after `since`. */
  begin(keys: readonly string[], times: { now: number; since: number }, view: DeskView): Promise<boolean>
  /** Has tasks wait for the next listing; with the first of them a storm begins. `chance`: from 0 to 1, whether it tells of many. */
  wait(waiting: Waiting, view: DeskView): Promise<void>
  /** Takes the right to list what waits; `false` when somebody was quicker, or has come to wait for an older change. */
  take(taken: Taken): Promise<boolean>
  end(ended: Ended): Promise<void>
  /** Back to single reads. */
  calm(): Promise<void>
  expectErrand(at: number): Promise<void>
}

type DeskServices = { dynamo: DynamoDBDocumentClient; table: string; connection: string }

export function createDesk({ dynamo, table, connection }: DeskServices): Desk {
  const key = { [PK]: stateKey(connection, 'desk') }
  const update = ({ set, ...change }: ItemUpdate) =>
    updateIf(dynamo, { table, key }, { ...change, set: { ...set, schemaVersion: 1 } })

  return {
    async look() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
      const parsed = deskItem.safeParse(Item ?? {})
      if (parsed.success) return parsed.data
      // No fact is lost with it: who reads what is agreed on anew, and no change is held back by it.
      await dynamo.send(new PutCommand({ TableName: table, Item: { ...key, ...EMPTY_DESK, schemaVersion: 1 } }))
      return EMPTY_DESK
    },

    async begin(keys, { now, since }, { reads }) {
      const names = { '#reads': 'reads' }
      // A path into a map that is not there is refused, so the map comes first.
      if (Object.keys(reads).length === 0)
        await update({ assign: ['#reads = if_not_exists(#reads, :empty)'], names, values: { ':empty': {} } })
      const old = Object.entries(reads).flatMap(([name, at]) =>
        at <= now - REMEMBERED_MS && !keys.includes(name) ? name : [],
      )
      const forgotten = old.slice(0, FORGOTTEN_AT_ONCE)
      return update({
        assign: keys.map((_, i) => `#reads.#k${i} = :now`),
        remove: forgotten.map((_, i) => `#reads.#o${i}`),
        condition: keys.map((_, i) => `(attribute_not_exists(#reads.#k${i}) OR #reads.#k${i} <= :since)`).join(' AND '),
        names: {
          ...names,
          ...Object.fromEntries(keys.map((name, i) => [`#k${i}`, name])),
          ...Object.fromEntries(forgotten.map((name, i) => [`#o${i}`, name])),
        },
        values: { ':now': now, ':since': since },
      })
    },

    async wait({ now, waiting, waitingSince, nextListingAt, chance }, view) {
      const isOldest = view.waitingSince === 0 || waitingSince < view.waitingSince
      const isOneOfMany = !isOldest && isStormy(view, now) && view.waiting >= MANY_WAITING
      if (isOneOfMany && chance >= 1 / TELLS_FOR) return
      await update({
        set: {
          ...(isOldest ? { waitingSince } : {}),
          ...(isStormy(view, now) ? {} : { stormSince: now, nextListingAt }),
        },
        add: '#waiting :waiting',
        names: { '#waiting': 'waiting' },
        values: { ':waiting': isOneOfMany ? waiting * TELLS_FOR : waiting },
      })
    },

    take: ({ now, since, ...taken }) =>
      update({
        set: { ...taken, waiting: 0, waitingSince: 0 },
        condition: [
          '(attribute_not_exists(#listingUntil) OR #listingUntil <= :now)',
          '(attribute_not_exists(#nextListingAt) OR #nextListingAt <= :now)',
          '(attribute_not_exists(#waitingSince) OR #waitingSince = :never OR #waitingSince >= :since)',
        ].join(' AND '),
        names: { '#nextListingAt': 'nextListingAt' },
        values: { ':now': now, ':since': since, ':never': 0 },
      }),

    async end(ended) {
      await update({ set: { ...ended, listingUntil: 0, listingEnds: 0 } })
    },

    async calm() {
      // What was left to list is read singly by whoever waits for it.
      await update({ set: { stormSince: 0, waiting: 0, waitingSince: 0, todo: [] } })
    },

    async expectErrand(at) {
      await update({ set: { errandAt: at } })
    },
  }
}
