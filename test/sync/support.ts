import { createClickUp } from '../../core/clickup/client.ts'
import type { ConnectionRecord } from '../../core/clickup/connection-record.ts'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import { createPartStore } from '../../core/process/found/parts.ts'
import { createPending } from '../../core/process/pending.ts'
import type { ChangeEvent } from '../../core/publish/event.ts'
import type { Notice } from '../../core/publish/notice.ts'
import { backfill } from '../../core/sync/backfill.ts'
import { census } from '../../core/sync/census.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import type { Job } from '../../core/sync/job.ts'
import type { SyncServices } from '../../core/sync/services.ts'
import { syncSettingsSchema } from '../../core/sync/settings.ts'
import { sweep } from '../../core/sync/sweep.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { createFakeClickUp } from '../../local/clickup/fake.ts'
import type { Faults } from '../../local/clickup/faults.ts'
import { parseEvents } from '../../local/clickup/webhooks/registry.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { CONNECTION, consumer } from '../support/consumer.ts'
import type { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { neverPaused } from '../support/never-paused.ts'

export const NOON = Date.UTC(2026, 2, 2, 12)
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
const BASE = 'http://clickup.test/api'
const JOBS = { backfill, sweep, census }
const MOST_JOBS = 400

type Embedded = Awaited<ReturnType<typeof startDynamo>>
type Options = { seed?: number; faults?: Partial<Faults>; tasks?: number; record?: Partial<ConnectionRecord> }

/** Where a worker may die, and where the bus may refuse what it gets. */
type Trouble = {
  /** Before findings are sent, and after: throw to die there. */
  die(where: 'handOver' | 'handedOver'): void
  refuses(): boolean
  /** Before a notice is published: throw to die there. */
  tell(): void
}

/** What a worker dies of in a test. Its message comes back when its visibility has ended. */
export class Death extends Error {}
const VISIBILITY_MS = 720 * SECOND

/**
 * Backfill, sweep and census on a real DynamoDB protocol, before the fake ClickUp, beside the real consumer. Time stands until
 * a test lets it pass; deliveries wait until a test hands them over, and jobs until it works them off.
 */
export async function setUpSync(
  embedded: Embedded,
  { seed = 1, faults = {}, tasks = 0, record: chosen }: Options = {},
) {
  const tables = await embedded.tables()
  const clock = { time: NOON, now: () => clock.time }
  const posted: string[] = []
  const timers = {
    after: (_ms: number, act: () => void) => {
      const immediate = setImmediate(act)
      return () => clearImmediate(immediate)
    },
    soon: (act: () => void) => void setImmediate(act),
    elapsed: () => clock.time,
  }
  const fake = createFakeClickUp({
    ...{ seed, clock, timers, faults, demo: tasks > 0, tasks },
    // All of them are read first.
    mostInAList: 5,
    poster: {
      post: async (_endpoint, _secret, body) => {
        posted.push(body.toString('utf8'))
        return { kind: 'answer', status: 200 }
      },
      close: () => undefined,
    },
  })
  const { world } = fake
  const [service] = world.users()
  if (service === undefined) throw new Error('The workspace has no service account.')
  const maria = world.addUser({ username: 'Maria', email: 'maria@northwind.example', role: 1 })
  const actor = inApp(maria.id)
  const space = world.inThePast(NOON - 30 * 24 * HOUR, () => world.createSpace(actor, { name: 'Team' }))
  const list = world.lists().find(({ folderId }) => world.store.folders.get(folderId)?.spaceId === space.id)
  if (list === undefined) throw new Error('The space has no list.')
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  fake.webhooks.create(service.id, {
    endpoint: 'https://hookline.test/a',
    events: parseEvents('*') ?? new Set(),
    scope,
  })

  const paths: string[] = []
  const trouble: Trouble = { die: () => undefined, refuses: () => false, tell: () => undefined }
  const fetch: Fetch = async (url, init) => {
    const path = url.slice(BASE.length)
    paths.push(path)
    const method = init.method ?? 'GET'
    const authorization = new Headers(init.headers).get('authorization') ?? undefined
    const answer = await fake.api({ method, path, authorization, body: async () => ({ kind: 'empty' }) })
    if (answer.kind === 'disconnected') throw new TypeError('fetch failed')
    return Response.json(answer.body, { status: answer.status, headers: answer.headers })
  }
  const record: ConnectionRecord = {
    workspaceId: fake.workspaceId,
    userId: String(service.id),
    connectedAt: NOON,
    ...chosen,
  }
  const its = consumer({ dynamo: embedded.dynamo, tables, fetch, now: NOON, token: fake.tokens.service })
  const own = {
    record: async () => record,
    clock,
    publish: async (events: readonly ChangeEvent[]) => {
      if (trouble.refuses()) return events.map(() => 'InternalFailure')
      its.published.push(...events)
      return events.map(() => null)
    },
  }
  const state = { dynamo: embedded.dynamo, table: tables.state }
  const tasksTable = { dynamo: embedded.dynamo, table: tables.tasks }
  const inbox: DeliveryMessage[] = []
  const jobs: { job: Job; at: number }[] = []
  const notices: Notice[] = []
  const guard: Job[] = []
  let runs = 0

  const services = (): SyncServices => ({
    ...own,
    connection: CONNECTION,
    clickup: createClickUp({
      ...{ baseUrl: BASE, fetch, clock, random: () => 0, sleep: async () => undefined, gate: openGate, lane: 'sweep' },
      token: async () => ({ token: fake.tokens.service, version: '1' }),
    }),
    tasks: createTaskStore(tasksTable),
    worklog: createWorklogStore(tasksTable),
    tasksTable,
    state,
    parts: createPartStore({ ...state, connection: CONNECTION.name }),
    pending: createPending({ ...state, connection: CONNECTION.name }),
    gaps: createGapStore(state),
    handOver: async (messages) => {
      trouble.die('handOver')
      inbox.push(...messages)
      trouble.die('handedOver')
    },
    sendJob: async (job, delaySeconds = 0) => void jobs.push({ job, at: clock.time + delaySeconds * SECOND }),
    sendGuard: async (job) => void guard.push(job),
    publishNotice: async (notice) => {
      trouble.tell()
      notices.push(notice)
    },
    settings: syncSettingsSchema.parse({}),
    pause: neverPaused,
    newRun: () => `run ${++runs}`,
    stepUntil: clock.time + 100 * SECOND,
    endsAt: clock.time + 120 * SECOND,
    log: its.services().log,
    metrics: its.services().metrics,
  })

  /** Works off what waits for the consumer, and what that has put off, until nothing is left. */
  async function drain(): Promise<void> {
    for (let batches = 0; inbox.length > 0; batches += 1) {
      if (batches > MOST_JOBS) throw new Error('The consumer does not come to an end.')
      const batch = inbox.splice(0, 10)
      const dispositions = await its.process(batch, own)
      inbox.push(...batch.filter((_, i) => dispositions[i] === 'retry'))
      for (const { message, delaySeconds } of its.sentAgain.splice(0)) {
        clock.time += delaySeconds * SECOND
        inbox.push(message)
      }
    }
  }

  const act = (job: Job) => (job.job === 'guard' ? Promise.resolve() : JOBS[job.job](job, services()))

  /** Works a job off until it has sent nothing more on. */
  async function play(job: Omit<Job, 'connection' | 'reason'> & { reason?: Job['reason'] }): Promise<void> {
    jobs.push({ job: { reason: 'schedule', ...job, connection: CONNECTION.name }, at: clock.time })
    for (let count = 0; jobs.length > 0; count += 1) {
      if (count > MOST_JOBS) throw new Error('The jobs do not come to an end.')
      await drain()
      const next = jobs.shift()
      if (next === undefined) break
      clock.time = Math.max(clock.time, next.at)
      try {
        await act(next.job)
      } catch (error) {
        if (!(error instanceof Death)) throw error
        jobs.push({ ...next, at: clock.time + VISIBILITY_MS })
      }
    }
    await drain()
  }

  return {
    ...{ fake, world, actor, maria, space, list, clock, tables, state, record },
    ...{ posted, paths, inbox, jobs, notices, guard, trouble, services, drain, play, act },
    ...{ published: its.published, lines: its.lines, counts: its.counts, quarantined: its.quarantined },
    pass: (ms: number) => {
      clock.time += ms
    },
    /** What ClickUp has posted since it was last asked: a test delivers it, drops it or keeps it for later. */
    async deliveries(): Promise<string[]> {
      await fake.idle()
      return posted.splice(0)
    },
    async deliver(bodies: readonly string[]): Promise<void> {
      inbox.push(...bodies.map((body) => its.message(body, clock.time)))
      await drain()
    },
    task: (name = 'Task', over: object = {}) => world.createTask(actor, { listId: list.id, name, ...over }),
    tasks: createTaskStore(tasksTable),
    ledger: () => embedded.all(tables.ledger),
  }
}
