/**
 * Keys and indexes of the three tables: the one home, used by infra (which creates them) and by core (which reads and writes).
 *
 * | table  | pk                            | sk                                              | holds                                  |
 * |--------|-------------------------------|-------------------------------------------------|----------------------------------------|
 * | ledger | `connection#kind#id`          | `time#changeId`                                 | changes                                |
 * | tasks  | `connection#task#id`          | `snapshot`, `known`, `time#entryId`,            | snapshots, what is accounted, worklog, |
 * |        |                               | `time-in-status`                                | how long it was in each status         |
 * | tasks  | `connection#user#id`          | `time#entryId`                                  | time that belongs to no task           |
 * | tasks  | `connection#timeEntry#id`     | `homes`                                         | where an entry stands                  |
 * | state  | `connection#thing` or `thing` | none                                            | everything else, one kind of item each |
 */
export const PK = 'pk'
export const SK = 'sk'

/** Ledger: seconds since 1970 after which DynamoDB may delete an item. Conditions never rely on it. */
export const TTL_ATTRIBUTE = 'expiresAt'

/**
 * State: the same, by another name. There most items are one of a kind and stay: only what grows with the days, such as what was
 * told in summaries, has it, and no item that stays may get it by being called alike.
 */
export const STATE_TTL = 'forgetAfter'

/** Ledger, keys only, sharded by change id: what was published on a day, for replay and export. */
export const BY_DAY = { index: 'byDay', pk: 'day', sk: 'daySk' } as const
/** Enough that one busy day never meets a partition's 1,000 writes a second. */
export const DAY_SHARDS = 4

/**
 * Tasks, keys only. The sort key is the item's own key, which never changes, so an ordinary update of a snapshot writes
 * nothing to these indexes: only appearing and moving do. That also keeps one key from being hot without shards.
 */
export const BY_LIST = { index: 'byList', pk: 'listKey', sk: PK } as const
export const BY_SPACE = { index: 'bySpace', pk: 'spaceKey', sk: PK } as const
/** Tasks, keys only, and only the time entries: those that began on a day (UTC), `connection#YYYY-MM-DD`. */
export const BY_TIME_DAY = { index: 'byTimeDay', pk: 'timeDay', sk: PK } as const

export const resourceKey = (connection: string, kind: string, id: string) => `${connection}#${kind}#${id}`

/** The last time that sorts as text: 13 digits, in the year 2286. */
export const LAST_SORTED_MS = 9_999_999_999_999

/** A sort-key part for a time. */
export const timePart = (ms: number) => String(Math.max(0, Math.trunc(ms))).padStart(13, '0')

/** A sort-key part where there is no time: a version or an incarnation. `v` sorts after every digit. */
export const versionPart = (version: number) => `v${String(version).padStart(12, '0')}`

/** The state table's key of a thing that a connection has once. */
export const stateKey = (connection: string, thing: string) => `${connection}#${thing}`
