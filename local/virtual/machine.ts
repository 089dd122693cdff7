import { type Recorded, readItem } from '../../core/ledger/history.ts'
import { beginPause, endPause } from '../../core/pause/change.ts'
import { PK, resourceKey, SK, stateKey } from '../../core/platform/tables.ts'
import { type Known, knownSchema } from '../../core/tasks/known.ts'
import { KNOWN_SK } from '../../core/tasks/known-store.ts'
import { type Snapshot, snapshotSchema } from '../../core/tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import type { Random } from '../clickup/random.ts'
import { PLANS, type Plan } from '../clickup/rate-limit.ts'
import { createVirtualAws } from './aws/aws.ts'
import type { BusEntry } from './aws/events.ts'
import { TABLES } from './aws/tables.ts'
import { createVirtualClickUp, type VirtualClickUpOptions } from './clickup.ts'
import { type Container, createContainers } from './containers.ts'
import { CONNECTION, CONSUMER, ENDPOINT, QUEUES, SECRETS, SYNC, TIMING } from './environment.ts'
import { consumerContainer, syncContainer, type World, workerClient } from './functions.ts'
import { type Poller, startPoller } from './poller.ts'
import { noticeOf, publishedOf } from './published.ts'
import type { Published, Run, Told } from './run.ts'
import { createTelemetry, type Line } from './telemetry.ts'
import { createVirtualTime } from './time.ts'
import type { Variation } from './variation.ts'
import { createVerifier } from './verifier.ts'

export type MachineOptions = {
  seed: number
  /** All that is decided by chance comes from it. */
  random: Random
  clickup: Omit<VirtualClickUpOptions, 'time' | 'seed' | 'deliver'>
  /** Concurrent batches that the event source allows; as the template has it by default. */
  maxConcurrency?: number | undefined
  variation?: Variation | undefined
  onLine?: ((line: Line) => void) | undefined
  /** What works the deliveries off; our consumer by default. */
  consumer?: { container: typeof consumerContainer; client: typeof workerClient } | undefined
}

/** A Monday morning. */
const START = Date.UTC(2026, 2, 2, 9)

const OURS = { container: consumerContainer, client: workerClient }

/**
 * The whole system in virtual time: the functions' own code as it is deployed, with a fake ClickUp, queues and tables in this process,
 * connected and at rest. Nothing happens but while `time` runs. The same seed makes the same run.
 */
export function createMachine(options: MachineOptions): Run {
  const { seed, random, variation = {}, onLine, consumer = OURS } = options
  const time = createVirtualTime(START)
  const telemetry = createTelemetry(onLine)
  const published: Published[] = []
  const notices: Told[] = []
  const onEntry = (entry: BusEntry) => {
    const notice = noticeOf(entry, time.now())
    if (notice === null) published.push(publishedOf(entry, time.now()))
    else notices.push(notice)
  }
  const aws = createVirtualAws({ time, random, onEntry })
  const verify = createVerifier({
    ...{ time, telemetry, random: random.fork('verifier') },
    aws: aws.clients({ time, random: random.fork('verifier latency') }),
  })
  const clickup = createVirtualClickUp({ time, seed, deliver: verify, ...options.clickup })
  const world: World = { time, random, aws, clickup, telemetry, variation }

  connect(world, options.clickup.plan ?? 'Unlimited')
  let made = 0
  const make = (): Container => consumer.container(world, `container ${made++}`)
  const { invoke } = createContainers(make, {
    ...{ time, random: random.fork('containers') },
    timeoutMs: TIMING.timeoutSeconds * 1000,
  })
  const poller = startPoller({
    ...{ time, random: random.fork('poller'), sqs: aws.sqs, queueUrl: QUEUES.deliveries, invoke },
    maxConcurrency: options.maxConcurrency ?? CONSUMER.maxConcurrency,
    onError: (error) => telemetry.log.error('An invocation threw', { error }),
  })
  const { sync, poller: syncPoller } = startSync(world)

  return {
    time,
    startedAt: START,
    clickup,
    random: random.fork('scenario'),
    ...{ published, notices, sync },
    queue: queueFigures(world, poller),
    invocations: poller.figures,
    budgetWrites: () => aws.dynamo.counts(TABLES.state, stateKey(CONNECTION, 'upstream')).writes,
    metric: telemetry.count,
    snapshot: (taskId) => snapshotOf(world, taskId),
    known: (taskId) => knownOf(world, taskId),
    state: (thing) => aws.dynamo.item(TABLES.state, { [PK]: stateKey(CONNECTION, thing) }) ?? null,
    ledger: () => aws.dynamo.items(TABLES.ledger).flatMap(recorded),
    putToken: (token) => aws.secrets.put(SECRETS.token, { v: 1, token }),
    ...pausing(world, [poller, syncPoller]),
    client: () => consumer.client(world, `worker ${made++}`),
  }
}

/** What `connect` leaves behind: a webhook, its secret, the token, and what is known of the connection. */
function connect({ aws, clickup }: World, plan: Plan): void {
  const { webhookId, secret } = clickup.connect(ENDPOINT)
  aws.secrets.put(SECRETS.signing, { v: 1, slots: { a: { webhookId, secret, state: 'active' } } })
  aws.secrets.put(SECRETS.token, { v: 1, token: clickup.tokens.service })
  aws.dynamo.seed(TABLES.state, {
    [PK]: stateKey(CONNECTION, 'connection'),
    workspaceId: clickup.workspaceId,
    userId: clickup.userId,
    connectedAt: START,
    callsPerMinute: PLANS[plan].callsPerMinute,
    schemaVersion: 1,
  })
}

function recorded(item: Record<string, unknown>): Recorded[] {
  const read = readItem(item)
  return read.kind === 'done' ? [read.change] : []
}

/** The function of the jobs queue beside the consumer, with containers of its own. */
function startSync(world: World): { sync: Run['sync']; poller: Poller } {
  const { time, random, aws, telemetry } = world
  let made = 0
  const { invoke, kill } = createContainers(() => syncContainer(world, `sync ${made++}`), {
    ...{ time, random: random.fork('sync containers') },
    timeoutMs: SYNC.timeoutSeconds * 1000,
  })
  const poller = startPoller({
    ...{ time, random: random.fork('sync poller'), sqs: aws.sqs, queueUrl: QUEUES.jobs, invoke },
    ...{ batchSize: SYNC.batchSize, maxConcurrency: SYNC.maxConcurrency },
    onError: (error) => telemetry.log.error('A job threw', { error }),
  })
  const queue = aws.sqs.queue(QUEUES.jobs)
  const sync: Run['sync'] = {
    send: (job) => void queue.send(JSON.stringify({ ...job, connection: CONNECTION }), {}, 0),
    open: queue.size,
    get failed() {
      return aws.sqs.queue(QUEUES.failedJobs).size()
    },
    invocations: poller.figures,
    kill,
  }
  return { sync, poller }
}

/** What the operator's command does: the item is written, and Lambda leaves the queues alone if it is let. */
function pausing({ time, random, aws }: World, pollers: readonly Poller[]): Pick<Run, 'pause' | 'resume'> {
  const { dynamo } = aws.clients({ time, random: random.fork('operator') })
  const state = { dynamo, table: TABLES.state }
  return {
    async pause({ polled }) {
      await beginPause(state, { by: 'operator', reason: null, now: time.now() })
      if (!polled) for (const poller of pollers) poller.hold()
    },
    async resume() {
      await endPause(state, time.now())
      for (const poller of pollers) poller.release()
    },
  }
}

const queueFigures = ({ aws: { sqs }, telemetry }: World, poller: Poller): Run['queue'] => ({
  get accepted() {
    return telemetry.count('DeliveriesAccepted')
  },
  open: () => sqs.queue(QUEUES.deliveries).size(),
  get quarantined() {
    return sqs.queue(QUEUES.quarantine).size()
  },
  get requests() {
    return { ...sqs.bill(), emptyReceives: poller.emptyReceives() }
  },
})

function snapshotOf({ aws }: World, taskId: string): Snapshot | null {
  const key = { [PK]: resourceKey(CONNECTION, 'task', taskId), [SK]: SNAPSHOT_SK }
  const item = aws.dynamo.item(TABLES.tasks, key)
  return item === undefined ? null : snapshotSchema.parse(item)
}

function knownOf({ aws }: World, taskId: string): Known | null {
  const item = aws.dynamo.item(TABLES.tasks, {
    [PK]: resourceKey(CONNECTION, 'task', taskId),
    [SK]: KNOWN_SK,
  })
  return item === undefined ? null : knownSchema.parse(item)
}
