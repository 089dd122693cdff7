import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { deletionOf, tell } from '../../core/clickup/changes.ts'
import { type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import type { Change } from '../../core/ledger/change.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { PK, resourceKey, SK } from '../../core/platform/tables.ts'
import { createPublish } from '../../core/publish/bus.ts'
import { eventOf } from '../../core/publish/event.ts'
import { cached } from '../../core/secrets/cached.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import { type Snapshot, UNKNOWN_FIELDS } from '../../core/tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Platform } from '../../functions/consumer/platform.ts'
import { recordsOf } from '../../functions/consumer/records.ts'
import { TABLES } from '../../local/virtual/aws/tables.ts'
import type { Container } from '../../local/virtual/containers.ts'
import { CONNECTIONS, SECRETS } from '../../local/virtual/environment.ts'
import { containerPlatform, type World } from '../../local/virtual/functions.ts'

/** Nobody asks anybody: every call is made. */
const OPEN_GATE: Gate = {
  look: async () => ({ kind: 'free', calls: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER }),
  reserve: async (_lane, calls) => ({ kind: 'free', calls, limit: Number.MAX_SAFE_INTEGER }),
  enter: async () => ({ kind: 'granted', probe: false }),
  leave: async () => undefined,
}

/** The time that a function needs to end what it has read. */
const MARGIN_MS = 2_000

/**
 * The usual way to consume a webhook: one read for every event, and after a 429 another try when the window has turned. What
 * was read is put as it is, and published. What failed comes back from the queue, and goes to the dead letters after five times.
 */
export function naiveContainer(world: World, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const clickup = clickUpOf(world, platform)
  const publish = createPublish({ client: platform.events, busName: 'naive' })

  async function handle(message: DeliveryMessage, deadline: number): Promise<void> {
    const [connection] = CONNECTIONS
    if (connection === undefined) return
    const told = tell(message.text, { connection, receivedAt: message.receivedAt, slim: message.slim })
    if (told.kind === 'malformed' || told.resource.kind !== 'task') return
    const { id } = told.resource
    const task = told.kind === 'deletion' ? gone(id, platform) : await read(id, connection, deadline)
    await put(task, connection)
    const changes: Change[] = told.kind === 'changes' ? told.changes : []
    if (told.kind === 'deletion') {
      changes.push(deletionOf(told.resource, 0, { connection, receivedAt: message.receivedAt }))
    }
    const events = changes.map((change) => eventOf(change, { task, selfId: null, publishedAt: platform.clock.now() }))
    const refused = await publish(events)
    if (refused.some((reason) => reason !== null)) throw new Error('The bus refused an event')
  }

  async function read(id: string, connection: Connection, deadline: number): Promise<Snapshot> {
    for (;;) {
      const answer = await clickup.get(`/task/${id}`, taskAnswerSchema)
      if (answer.kind === 'gone' || answer.kind === 'noAccess') return gone(id, platform)
      if (answer.kind === 'ok') {
        const seen = observationOf(answer.value, answer.observedAt, connection.storeEmails)
        if (seen.kind === 'missing') return gone(id, platform)
        return snapshotOf(id, { ...UNKNOWN_FIELDS, ...seen.fields }, seen.archived ? 'archived' : 'present', platform)
      }
      if (answer.kind !== 'rateLimited' || answer.until > deadline) throw new Error(`ClickUp: ${answer.kind}`)
      await platform.sleep(answer.until - platform.clock.now())
    }
  }

  async function put(task: Snapshot, connection: Connection): Promise<void> {
    const key = { [PK]: resourceKey(connection.name, 'task', task.id), [SK]: SNAPSHOT_SK }
    await platform.dynamo.send(new PutCommand({ TableName: TABLES.tasks, Item: { ...key, ...task } }))
  }

  return {
    async invoke(event, remainingMs) {
      const deadline = platform.clock.now() + remainingMs - MARGIN_MS
      const records = recordsOf(event)
      const results = await Promise.allSettled(
        records.map(async (record) => {
          if (record.kind === 'message') await handle(record.message, deadline)
        }),
      )
      const failed = records.filter((_, i) => results[i]?.status !== 'fulfilled')
      return { batchItemFailures: failed.map(({ envelope }) => ({ itemIdentifier: envelope.messageId })) }
    },
    kill: die,
  }
}

/** One more worker that has much to read, and waits when it is told to. */
export function naiveClient(world: World, label: string): ClickUp {
  return clickUpOf(world, containerPlatform(world, label).platform)
}

function clickUpOf({ clickup, telemetry }: World, platform: Platform): ClickUp {
  const readSecret = versionedSecrets(platform.secrets)
  const tokens = cached(
    async (name) => {
      const { text, version } = await readSecret(name)
      const { token } = parseTokenSecret(text)
      return token === null ? null : { token, version }
    },
    { clock: platform.clock, lifeMs: 60_000, staleMs: 0, pauseMs: 0, refreshEveryMs: 10_000 },
  )
  return createClickUp({
    ...platform,
    baseUrl: clickup.url,
    token: () => tokens.get(SECRETS.token),
    gate: OPEN_GATE,
    lane: 'live',
    onCall: ({ outcome }) => {
      if (outcome === 'tokenDead') telemetry.metrics.count('TokenDead')
    },
  })
}

const gone = (id: string, platform: Platform): Snapshot => snapshotOf(id, UNKNOWN_FIELDS, 'deleted', platform)

const snapshotOf = (
  id: string,
  fields: typeof UNKNOWN_FIELDS,
  state: Snapshot['state'],
  { clock }: Platform,
): Snapshot => ({ ...fields, id, state, observedAt: clock.now(), version: 0, incarnation: 0 })
