import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { LedgerTable } from '../../ledger/history.ts'
import { dayKey } from '../../ledger/keys.ts'
import { fewAtOnce } from '../../platform/few-at-once.ts'
import { BY_DAY, DAY_SHARDS, PK, resourceKey, SK, timePart } from '../../platform/tables.ts'
import type { Span } from '../material.ts'

export type ChangedTasks = {
  /** By task id: since when its history is to be read (ms since 1970), so that it has all that was published in the span. */
  since: ReadonlyMap<string, number>
  /** There were so many changes that the earliest were left out. */
  cut: boolean
}

const DAY_MS = 86_400_000
/** So many keys are read with some 1,200 units, in seconds. */
const MOST_CHANGES = 50_000
/** A quarter that is asked for need not take a quarter's round trips. */
const DAYS_AT_ONCE = 6

const keySchema = z.object({ [PK]: z.string(), [SK]: z.string(), [BY_DAY.sk]: z.string() })

/**
 * Which tasks something was recorded of in a span, by the keys of the day index alone; then one query per task reads its
 * history.
 *
 * A change belongs to the span in which it was *published*, not to that in which it happened. At nine o'clock some changes of a
 * minute before are still on their way, and a sweep finds changes of hours before: by the time at which they happened, they
 * would be in no summary. So each is in exactly one, and whoever asks again for the same span is told the same.
 *
 * What it costs: of the index a read unit for some 40 changes, those of all lists and connections included, and then a unit or two
 * for each task that has changed. To read the changes themselves by the index (`recentChanges`) is a unit for each of them; to
 * ask each task of the scope is a unit for each, the quiet ones included. For a small list of a busy workspace that would be
 * less, but it finds nothing of what has left the list; and of a task that is elsewhere now, only its history says that it was
 * here. `test/standup/facts/reads.test.ts` counts all three.
 */
export async function changedTasks(
  ledger: LedgerTable,
  connection: string,
  { from, until }: Pick<Span, 'from' | 'until'>,
): Promise<ChangedTasks> {
  const since = new Map<string, number>()
  const prefix = resourceKey(connection, 'task', '')
  // DynamoDB refuses bounds that are the wrong way round.
  if (until <= from) return { since, cut: false }
  const days: number[] = []
  for (let day = Math.floor((until - 1) / DAY_MS); day >= Math.floor(from / DAY_MS); day -= 1) days.push(day * DAY_MS)
  let read = 0
  let cut = false
  for (let i = 0; i < days.length; i += DAYS_AT_ONCE) {
    if (read >= MOST_CHANGES) return { since, cut: true }
    const shards = days
      .slice(i, i + DAYS_AT_ONCE)
      .flatMap((day) => Array.from({ length: DAY_SHARDS }, (_, shard) => dayKey(day, shard)))
    await fewAtOnce(shards, async (shard) => {
      let ofShard = 0
      for await (const { [PK]: pk, [SK]: sk } of keysOf(ledger, shard, { from, until })) {
        ofShard += 1
        // Each for itself, so that the same are left out whichever answers first.
        if (ofShard > MOST_CHANGES / DAY_SHARDS) {
          cut = true
          break
        }
        if (!pk.startsWith(prefix)) continue
        const id = pk.slice(prefix.length)
        since.set(id, Math.min(since.get(id) ?? Number.POSITIVE_INFINITY, timeOf(sk)))
      }
      read += ofShard
    })
  }
  return { since, cut }
}

async function* keysOf({ dynamo, table }: LedgerTable, shard: string, { from, until }: Pick<Span, 'from' | 'until'>) {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      IndexName: BY_DAY.index,
      // A key goes on after its time, so the upper bound leaves out what was published at `until` itself.
      KeyConditionExpression: '#day = :day AND #daySk BETWEEN :from AND :until',
      ExpressionAttributeNames: { '#day': BY_DAY.pk, '#daySk': BY_DAY.sk },
      ExpressionAttributeValues: { ':day': shard, ':from': timePart(from), ':until': timePart(until) },
      ScanIndexForward: false,
    },
  )
  for await (const { Items } of pages) for (const item of Items ?? []) yield keySchema.parse(item)
}

/** When a change happened, by its key; what has a version instead of a time may have happened at any. */
function timeOf(sortKey: string): number {
  const [order = ''] = sortKey.split('#')
  return /^\d+$/.test(order) ? Number(order) : 0
}
