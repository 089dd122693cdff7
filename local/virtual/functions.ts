import type { ClickUp } from '../../core/clickup/client.ts'
import { consume } from '../../functions/consumer/consume.ts'
import type { Platform } from '../../functions/consumer/platform.ts'
import { buildConsumer } from '../../functions/consumer/services.ts'
import { run as runJobs } from '../../functions/sync/run.ts'
import { buildSync, type Sync } from '../../functions/sync/services.ts'
import type { Random } from '../clickup/random.ts'
import type { VirtualAws } from './aws/aws.ts'
import type { Through } from './aws/in-process.ts'
import type { VirtualClickUp } from './clickup.ts'
import type { Container } from './containers.ts'
import { CONNECTION, environmentOf, syncEnvironmentOf } from './environment.ts'
import type { createTelemetry } from './telemetry.ts'
import type { VirtualTime } from './time.ts'
import type { Variation } from './variation.ts'
import { orOurselves, type Verify } from './verifier.ts'

export type World = {
  time: VirtualTime
  random: Random
  aws: VirtualAws
  clickup: VirtualClickUp
  telemetry: ReturnType<typeof createTelemetry>
  variation: Variation
  /** Takes what is posted to our own address. */
  verify: Verify
}

/** What becomes of whatever a container that is dead waits for. */
const never = new Promise<never>(() => undefined)

/** A world of a container's own: when the container dies, nothing in it goes on. */
export function containerPlatform(world: World, label: string): { platform: Platform; die(): void } {
  const { time, aws, clickup, telemetry, variation } = world
  const random = world.random.fork(label)
  let isDead = false
  const whileAlive = async <T>(act: () => T | Promise<T>): Promise<T> => {
    if (isDead) return never
    const result = await act()
    return isDead ? never : result
  }
  const sleep = (ms: number) => whileAlive(() => time.sleep(ms))
  const through: Through = (call, next) =>
    whileAlive(() => (variation.through === undefined ? next(call) : variation.through(call, next, { label, sleep })))
  const own = orOurselves(clickup.fetchAs(label), world.verify)
  const fetch = variation.fetch?.(own, label) ?? own
  return {
    platform: {
      clock: time,
      random: random.next,
      sleep,
      timeout: time.timeout,
      fetch: (url, init) => whileAlive(() => fetch(url, init)),
      ...aws.clients({ time, random: random.fork('latency'), through }),
      ...telemetry,
    },
    die: () => {
      isDead = variation.outlives?.(label) !== true
    },
  }
}

/** A container with the consumer in it, as it is deployed. */
export function consumerContainer(world: World, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const consumer = buildConsumer(environmentOf(world.clickup.url, world.variation.reading), platform)
  return {
    invoke: (event, remainingMs) => consume(event, consumer, remainingMs),
    kill: die,
  }
}

/** A container with backfill, sweep and census in it, as they are deployed. */
export function syncContainer(world: World, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const { variation, clickup } = world
  const sync = buildSync(syncEnvironmentOf(clickup.url, variation.sync), platform)
  const { syncServices } = variation
  const servicesOf: Sync['servicesOf'] = (name, job, times) => {
    const services = sync.servicesOf(name, job, times)
    const live = () => clientOf(world, platform)
    return syncServices?.(services, { job, sleep: platform.sleep, live }) ?? services
  }
  return {
    invoke: (event, remainingMs) => runJobs(event, { ...sync, servicesOf }, remainingMs),
    kill: die,
  }
}

/** ClickUp as one more worker asks it, in the lane `live`. */
export function workerClient(world: World, label: string): ClickUp {
  return clientOf(world, containerPlatform(world, label).platform)
}

function clientOf(world: World, platform: Platform): ClickUp {
  const consumer = buildConsumer(environmentOf(world.clickup.url, world.variation.reading), platform)
  const forEver = { deadline: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY }
  return consumer.servicesOf(CONNECTION, { lane: 'live', ...forEver }).clickup
}
