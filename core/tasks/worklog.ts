import { createHash } from 'node:crypto'
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { getAll } from '../platform/batch-get.ts'
import { isConditionFailure } from '../platform/conditions.ts'
import { canonical, jsonSchema } from '../platform/json.ts'
import { BY_TIME_DAY, PK, resourceKey, SK } from '../platform/tables.ts'
import { createEntryHomes, distinctHomes, type Home, homeText, isSameHomes } from './entry-homes.ts'
import { entriesFrom, entriesOf, TIME_SK, timeDay } from './read-worklog.ts'
import { type TimeEntry, timeEntryItem } from './time-entry.ts'
import { mergeEntries } from './time-entry-merge.ts'

export type { TimeEntry } from './time-entry.ts'

export type WorklogStore = {
  /**
   * Adds one telling of an entry to what is known of it, whatever the order. Wherever it was before, of an entry there is one
   * item.
   */
  record(connection: string, entry: TimeEntry): Promise<void>
  /** An entry by any id that it was seen under, deleted ones included; `null` when it was never told of. */
  load(connection: string, entryId: string): Promise<TimeEntry | null>
  /** The entries of a task, deleted ones included, the earliest first. */
  ofTask(connection: string, taskId: string): Promise<TimeEntry[]>
  /**
   * All entries of a connection that began from `from` to before `until` (ms since 1970), deleted ones included, the earliest
   * first. By an index, which may lag by moments; time without a beginning is not in it.
   */
  entriesFrom(connection: string, span: { from: number; until: number }): Promise<TimeEntry[]>
}

/** Losing a race so often means something else. */
const ATTEMPTS = 12

/** What is stored of an entry; `digest` is that of the very item, for conditions. */
type Standing = { home: Home; entry: TimeEntry; digest: string | null }

export function createWorklogStore(tasks: { dynamo: DynamoDBDocumentClient; table: string }): WorklogStore {
  const { dynamo, table } = tasks
  const homes = createEntryHomes(tasks)

  async function standingAt(places: readonly Home[]): Promise<Map<string, Standing>> {
    const items = await getAll(
      dynamo,
      table,
      places.map(({ pk, sk }) => ({ [PK]: pk, [SK]: sk })),
    )
    return new Map(
      items.map((item) => {
        const home = { pk: String(item[PK]), sk: String(item[SK]) }
        const digest = typeof item['digest'] === 'string' ? item['digest'] : null
        return [homeText(home), { home, entry: timeEntryItem.parse(item), digest }] as const
      }),
    )
  }

  /** All that stands of an entry, under whatever ids: two that were told apart may turn out to be one. */
  async function find(connection: string, ids: readonly string[], own: readonly Home[]) {
    for (let known = ids; ; ) {
      const noted = await homes.load(connection, known)
      const standing = await standingAt(distinctHomes([...noted.values()].flat().concat(own)))
      const all = [...new Set([...known, ...[...standing.values()].flatMap(({ entry }) => idsOf(entry))])]
      if (all.length === known.length) return { noted, standing }
      known = all
    }
  }

  /** One try to merge and write; `false` when somebody else was at the same entry. */
  async function tryToRecord(connection: string, told: TimeEntry): Promise<boolean> {
    const { noted, standing } = await find(connection, idsOf(told), [homeOf(connection, told)])
    const after = [...standing.values()].reduce((sum, { entry }) => mergeEntries(sum, entry), mergeEntries(told, told))
    const home = homeOf(connection, after)
    const ids = idsOf(after)
    const places = distinctHomes([home, ...[...noted.values()].flat(), ...[...standing.values()].map((s) => s.home)])
    // Where it may stand is noted before it stands there, so that a crash leaves nothing behind that nobody finds.
    for (const id of ids) {
      const was = noted.get(id)
      if (!isSameHomes(was, places) && !(await homes.put(connection, id, places, was))) return false
    }
    const stood = standing.get(homeText(home))
    if (!(await put(connection, home, after, stood))) return false
    const left = places.slice(1)
    for (const place of left) if (!(await remove(standing.get(homeText(place))))) return false
    if (stood !== undefined && left.length === 0) return true
    // Who looked before our note was there may have written an item since: one of the two sees what the other wrote.
    if (left.length > 0 && (await standingAt(left)).size > 0) return false
    const now = await homes.load(connection, ids)
    if (ids.some((id) => !isSameHomes(now.get(id), places))) return false
    for (const id of left.length > 0 ? ids : []) {
      if (!(await homes.put(connection, id, [home], places))) return false
    }
    return true
  }

  async function put(connection: string, home: Home, entry: TimeEntry, stood: Standing | undefined): Promise<boolean> {
    const digest = digestOf(entry)
    if (stood?.digest === digest) return true
    const day = entry.startAt === null ? {} : { [BY_TIME_DAY.pk]: timeDay(connection, entry.startAt) }
    const item = { [PK]: home.pk, [SK]: home.sk, ...day, ...entry, digest, schemaVersion: 1 }
    return conditionally(() => dynamo.send(new PutCommand({ TableName: table, Item: item, ...unchanged(stood) })))
  }

  async function remove(stood: Standing | undefined): Promise<boolean> {
    if (stood === undefined) return true
    const key = { [PK]: stood.home.pk, [SK]: stood.home.sk }
    return conditionally(() => dynamo.send(new DeleteCommand({ TableName: table, Key: key, ...unchanged(stood) })))
  }

  return {
    async record(connection, entry) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (await tryToRecord(connection, entry)) return
      }
      throw new Error(`The time entry ${entry.entryId} was written by others ${ATTEMPTS} times in a row`)
    },
    async load(connection, entryId) {
      const { standing } = await find(connection, [entryId], [])
      const entries = [...standing.values()].map(({ entry }) => entry)
      return entries.length === 0 ? null : entries.reduce(mergeEntries)
    },
    ofTask: (connection, taskId) => entriesOf(tasks, { connection, taskId }),
    entriesFrom: (connection, span) => entriesFrom(tasks, { connection, ...span }),
  }
}

/** Beside its task; time that belongs to no task is kept by person. */
const homeOf = (connection: string, { entryId, taskId, userId }: TimeEntry): Home => ({
  pk: taskId === null ? resourceKey(connection, 'user', userId ?? 'unknown') : resourceKey(connection, 'task', taskId),
  sk: `${TIME_SK}${entryId}`,
})

const idsOf = ({ entryId, seen }: TimeEntry): string[] => [...new Set([entryId, ...seen.map(({ id }) => id)])].sort()

/** What tells one state of an entry from another, for conditions. */
export const digestOf = (entry: TimeEntry) =>
  createHash('sha256')
    .update(canonical(jsonSchema.parse(entry)))
    .digest('hex')
    .slice(0, 32)

/** The condition that an item is as it was read. Those of earlier versions have no digest: there the revision tells. */
function unchanged(stood: Standing | undefined) {
  if (stood === undefined) {
    return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': PK } }
  }
  const { digest, entry } = stood
  return digest === null
    ? {
        ConditionExpression: 'attribute_not_exists(#digest) AND #revision = :revision',
        ExpressionAttributeNames: { '#digest': 'digest', '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': entry.revision },
      }
    : {
        ConditionExpression: '#digest = :digest',
        ExpressionAttributeNames: { '#digest': 'digest' },
        ExpressionAttributeValues: { ':digest': digest },
      }
}

async function conditionally(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (isConditionFailure(error)) return false
    throw error
  }
}
