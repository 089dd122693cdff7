import { type EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge'
import { loadConnection } from '../clickup/connection-record.ts'
import { recentChanges } from '../ledger/day.ts'
import type { Recorded } from '../ledger/history.ts'
import { EVENT_SOURCE } from '../platform/names.ts'
import { detailTypeOf } from '../publish/detail-types.ts'
import { eventOf } from '../publish/event.ts'
import { fitted } from '../publish/fit.ts'
import { createTaskStore, type StoredTask } from '../tasks/store.ts'
import type { Pattern } from './value-patterns.ts'

export type TryServices = {
  dynamo: Parameters<typeof recentChanges>[0]['dynamo']
  tables: { ledger: string; tasks: string; state: string }
  events: EventBridgeClient
  connections: readonly string[]
  /** Told how many of how many were asked. */
  progress(asked: number, of: number): void
}

export type Tried = { change: Recorded; matches: boolean }

/** TestEventPattern is throttled like every call that manages rules, at some tens a second. */
const AT_ONCE = 5
/** EventBridge looks at the form of an account and at nothing more. */
const ANY_ACCOUNT = '000000000000'

/**
 * Asks EventBridge itself which of the newest changes of the ledger a pattern would have matched, newest last. A change is
 * given the task as it is known now, not as it was: the ledger keeps no tasks.
 * @param span since and until when (published, ms since 1970), and at most how many
 * @throws InvalidEventPatternException when EventBridge does not take the pattern
 */
export async function tryPattern(
  services: TryServices,
  pattern: Pattern,
  span: { since: number; until: number; limit: number },
): Promise<Tried[]> {
  const { dynamo, tables, events, progress } = services
  const { changes } = await recentChanges({ dynamo, table: tables.ledger }, { ...span, connection: undefined })
  const region = await events.config.region()
  const envelopes = await envelopesOf(services, changes)
  const EventPattern = JSON.stringify(pattern)
  const tried: Tried[] = []
  for (let i = 0; i < envelopes.length; i += AT_ONCE) {
    const some = envelopes.slice(i, i + AT_ONCE)
    tried.push(
      ...(await Promise.all(
        some.map(async ({ change, event }) => {
          const Event = JSON.stringify({ ...event, region })
          const { Result } = await events.send(new TestEventPatternCommand({ EventPattern, Event }))
          return { change, matches: Result === true }
        }),
      )),
    )
    progress(tried.length, envelopes.length)
  }
  return tried
}

/** The changes as events on the bus. */
async function envelopesOf(
  { dynamo, tables, connections }: Pick<TryServices, 'dynamo' | 'tables' | 'connections'>,
  changes: readonly Recorded[],
) {
  const tasks = createTaskStore({ dynamo, table: tables.tasks })
  const stored = new Map<string, StoredTask>()
  const selves = new Map<string, string | null>()
  for (const connection of new Set([...connections, ...changes.map((change) => change.connection)])) {
    const record = await loadConnection({ dynamo, table: tables.state }, connection)
    selves.set(connection, record?.userId ?? null)
    const mine = changes.filter((change) => change.connection === connection && change.resource.kind === 'task')
    for (const [id, task] of await tasks.load(connection, [...new Set(mine.map(({ resource }) => resource.id))]))
      stored.set(`${connection} ${id}`, task)
  }
  return changes.map((change) => {
    const { connection, resource, publishedAt } = change
    const task = resource.kind === 'task' ? (stored.get(`${connection} ${resource.id}`)?.snapshot ?? null) : null
    const selfId = selves.get(connection) ?? null
    return {
      change,
      event: {
        version: '0',
        id: change.id,
        'detail-type': detailTypeOf(change),
        source: EVENT_SOURCE,
        account: ANY_ACCOUNT,
        time: `${new Date(publishedAt).toISOString().slice(0, 19)}Z`,
        resources: [`${connection}/${resource.kind}/${resource.id}`],
        detail: fitted(eventOf(change, { task, selfId, publishedAt })),
      },
    }
  })
}
