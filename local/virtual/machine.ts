import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { CANDIDATE, parseTokenSecret } from '../../core/secrets/token.ts'
import { PULSE_TIMEOUT_SECONDS } from '../../infra/timing.ts'
import type { Random } from '../clickup/random.ts'
import { createVirtualAws } from './aws/aws.ts'
import type { BusEntry } from './aws/events.ts'
import { createVirtualClickUp, type VirtualClickUpOptions } from './clickup.ts'
import { connect } from './connect.ts'
import { type Container, createContainers } from './containers.ts'
import { CONSUMER, GUARD, QUEUES, SECRETS, SYNC, TIMING } from './environment.ts'
import { consumerContainer, syncContainer, type World, workerClient } from './functions.ts'
import { pausing } from './pausing.ts'
import { type Poller, startPoller } from './poller.ts'
import { noticeOf, publishedOf } from './published.ts'
import { startRotations } from './rotations.ts'
import type { Machine, Published, Run, Told } from './run.ts'
import { startSchedules } from './schedules.ts'
import { readingOf } from './tables-read.ts'
import { createTelemetry, type Line } from './telemetry.ts'
import { createVirtualTime } from './time.ts'
import type { Variation } from './variation.ts'
import { createVerifier } from './verifier.ts'
import { guardContainer, pulseContainer } from './webhook-functions.ts'
import { startWorker } from './worker.ts'

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
  /** How many processes the verifier has, each with a cache of its own; one by default. */
  verifiers?: number | undefined
  /** `false`: the connection is made and the guard has yet to make its first webhook. */
  hasWebhook?: boolean | undefined
  /** Whether sweep, census, guard and pulse begin by themselves, as the template's schedules have it; not by default. */
  schedules?: boolean | undefined
}

/** A Monday morning. */
const START = Date.UTC(2026, 2, 2, 9)

const OURS = { container: consumerContainer, client: workerClient }

/**
 * The whole system in virtual time: the functions' own code as it is deployed, with a fake ClickUp, queues and tables in this process,
 * connected and at rest. Nothing happens but while `time` runs. The same seed makes the same run.
 */
export function createMachine(options: MachineOptions): Machine {
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
  const aws = createVirtualAws({ time, random, onEntry, onRotation: (arn, payload) => rotations.invoke(arn, payload) })
  const verify = createVerifier({
    ...{ time, telemetry, random: random.fork('verifier'), processes: options.verifiers ?? 1 },
    aws: aws.clients({ time, random: random.fork('verifier latency') }),
  })
  const clickup = createVirtualClickUp({ time, seed, deliver: verify, ...options.clickup })
  const world: World = { time, random, aws, clickup, telemetry, variation, verify }

  connect(world, options.clickup.plan ?? 'Unlimited', options.hasWebhook ?? true)
  let made = 0
  const make = (): Container => consumer.container(world, `container ${made++}`)
  const containers = createContainers(make, {
    ...{ time, random: random.fork('containers') },
    timeoutMs: TIMING.timeoutSeconds * 1000,
  })
  const { invoke, kill } = containers
  const poller = startPoller({
    ...{ time, random: random.fork('poller'), sqs: aws.sqs, queueUrl: QUEUES.deliveries, invoke },
    maxConcurrency: options.maxConcurrency ?? CONSUMER.maxConcurrency,
    onError: (error) => telemetry.log.error('An invocation threw', { error }),
  })
  const sync = startWorker(world, {
    ...{ name: 'sync', queueUrl: QUEUES.jobs, failedQueueUrl: QUEUES.failedJobs, timeoutSeconds: SYNC.timeoutSeconds },
    ...{ batchSize: SYNC.batchSize, maxConcurrency: SYNC.maxConcurrency },
    container: (label) => syncContainer(world, label),
  })
  const guard = startWorker(world, {
    ...{ name: 'guard', queueUrl: QUEUES.guard, failedQueueUrl: QUEUES.failedGuardJobs },
    ...{ timeoutSeconds: GUARD.timeoutSeconds, maxConcurrency: GUARD.maxConcurrency },
    container: (label) => guardContainer(world, label),
  })
  const rotations = startRotations(world)
  const pulse = startPulse(world)
  if (options.schedules === true) startSchedules(time, { sync: sync.run.send, guard: guard.run.send, pulse })

  return {
    time,
    startedAt: START,
    clickup,
    random: random.fork('scenario'),
    ...{ published, notices, sync: sync.run, guard: guard.run, rotations: rotations.run, pulse, kill },
    queue: queueFigures(world, poller),
    invocations: poller.figures,
    metric: telemetry.count,
    ...readingOf(aws),
    operator: aws.clients({ time, random: random.fork('operator by hand') }),
    items: (table) => [...aws.dynamo.items(table)],
    ...secretsOf(world),
    ...pausing(world, [poller, sync.poller, guard.poller]),
    client: () => consumer.client(world, `worker ${made++}`),
  }
}

/** What an operator does with the secrets, and sees of them. */
function secretsOf({ aws: { secrets }, time }: World): Pick<Machine, 'putToken' | 'bringToken' | 'token' | 'signing'> {
  return {
    putToken: (token) => secrets.put(SECRETS.token, { v: 1, token }),
    bringToken: (token, { takeover = false } = {}) =>
      secrets.put(SECRETS.token, { v: 1, token, since: time.now(), ...(takeover ? { takeover } : {}) }, [CANDIDATE]),
    token: () => parseTokenSecret(secrets.current(SECRETS.token)).token,
    signing: () => parseSigningSecret(secrets.current(SECRETS.signing)),
  }
}

/** The function that no queue feeds: each schedule invokes it, and what it throws is nobody's. */
function startPulse(world: World): () => void {
  const { time, random, telemetry } = world
  let made = 0
  const { invoke } = createContainers(() => pulseContainer(world, `pulse ${made++}`), {
    ...{ time, random: random.fork('pulse containers') },
    timeoutMs: PULSE_TIMEOUT_SECONDS * 1000,
  })
  return () =>
    void invoke({}).then((ended) => {
      if (ended.kind === 'threw') telemetry.log.error('The pulse threw', { error: ended.error })
    })
}

const queueFigures = ({ aws: { sqs }, telemetry }: World, poller: Poller): Run['queue'] => ({
  get accepted() {
    return telemetry.count('DeliveriesAccepted')
  },
  open: () => sqs.queue(QUEUES.deliveries).size(),
  put: (body) => void sqs.queue(QUEUES.deliveries).send(body, {}, 0),
  get quarantined() {
    return sqs.queue(QUEUES.quarantine).size()
  },
  get requests() {
    return { ...sqs.bill(), emptyReceives: poller.emptyReceives() }
  },
})
