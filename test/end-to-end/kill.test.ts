import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../core/platform/clock.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { AwsError } from '../../local/aws/gateway.ts'
import { work } from '../../local/clickup/people.ts'
import { createRandom, type Random } from '../../local/clickup/random.ts'
import { expectedOf } from '../../local/start/expected.ts'
import { depthOf, type Subscriber, subscribe } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { ledgerById, untilDrained } from './support/system.ts'

const POINTS = 20
const SEED = 20_261

/** Lease and visibility of the template, scaled down: time-out < lease < visibility, as a batch here takes milliseconds. */
const LEASE_MS = 3_000
const VISIBILITY_SECONDS = 5

let system: LocalSystem
let subscriber: Subscriber

beforeAll(async () => {
  system = await startLocal({
    seed: SEED,
    plan: 'Enterprise',
    // One process of the consumer, so that it is known which one makes a call.
    maxProcesses: 1,
    outside: { [ENV.settings]: JSON.stringify({ leaseMs: LEASE_MS, ledgerDays: 400 }) },
  })
  const { clients, details } = system
  await clients.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: details.queues.deliveries,
      Attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS) },
    }),
  )
  subscriber = await subscribe(clients, { name: 'kill', busName: details.busName })
})

afterAll(async () => {
  await subscriber?.close()
  await system?.close()
})

/** Where the consumer dies: at which of its calls to AWS, and whether the call still takes effect. */
type Point = { call: number; served: boolean }

function consumerOf({ stack }: LocalSystem) {
  const consumer = stack.functions.find(({ name }) => name.endsWith('-consumer'))
  if (consumer === undefined) throw new Error('The template has no consumer')
  return consumer
}

/** Counts the consumer's calls, and kills its process at the point that is armed. */
function executioner() {
  const consumer = consumerOf(system)
  let calls = 0
  let killed = 0
  let armed: Point | null = null
  system.gateway.intercept(({ accessKeyId }) => {
    if (accessKeyId !== consumer.accessKeyId) return
    calls += 1
    if (armed === null || calls < armed.call) return
    const { served } = armed
    armed = null
    for (const { pid, busy } of consumer.processes()) if (busy && process.kill(pid, 'SIGKILL')) killed += 1
    if (!served) throw new AwsError('InternalFailure', 'The caller is dead.')
  })
  return {
    calls: () => calls,
    arm(point: Point | null) {
      calls = 0
      armed = point
    },
    isDone: () => armed === null,
    killed: () => killed,
  }
}

/** Some changes, delivered and waiting on the queue while nobody polls it. */
async function fillQueue(random: Random): Promise<void> {
  const { clickup, stack } = system
  if (clickup === null) throw new Error('There is no fake ClickUp')
  await stack.pausePollers()
  // No hints: their ids depend on when they are looked at, and here they shall be known exactly.
  const mix = { list: 0, folder: 0, space: 0, goal: 0, keyResult: 0, move: 0, restoreTask: 0 }
  await work({ world: clickup.world, random, clock: systemClock, count: 4, mix }).done
  await clickup.idle()
}

test(`${POINTS} kills in the middle of a batch cost nothing`, { timeout: 120_000 }, async () => {
  const { clickup, clients, details, stack } = system
  const killer = executioner()

  // A batch that nobody disturbs shows how many calls there are to choose from.
  await fillQueue(createRandom(SEED))
  killer.arm(null)
  stack.resumePollers()
  await untilDrained(system)
  const calls = killer.calls()
  expect(calls).toBeGreaterThan(10)

  const points: Point[] = []
  for (let n = 1; n <= POINTS; n++) {
    const random = createRandom(SEED + n)
    const point = { call: random.int(1, calls), served: random.chance(0.5) }
    points.push(point)
    await fillQueue(random.fork('people'))
    killer.arm(point)
    stack.resumePollers()
    const patience = { what: `kill ${n} (seed ${SEED + n}, call ${point.call})`, deadlineMs: 30_000, everyMs: 10 }
    await until(() => (killer.isDone() ? true : undefined), patience)
  }
  console.log(
    points
      .map(({ call, served }, n) => `seed ${SEED + n + 1}: call ${call} of ${calls}${served ? '' : ' refused'}`)
      .join('\n'),
  )

  expect(killer.killed()).toBe(POINTS)

  await untilDrained(system, 60_000)
  const { ids, merged } = expectedOf(clickup?.log.changes() ?? [])
  expect(merged).toEqual([])
  const heard = () => new Set(subscriber.arrivals().map(({ event }) => event.changeId))
  await until(() => (heard().size >= ids.size ? true : undefined), { what: 'every change', deadlineMs: 10_000 })

  // Published at least once, and nothing that did not happen.
  expect(heard()).toEqual(new Set(ids.keys()))
  // Exactly once in the ledger, and done.
  const ledger = await ledgerById(system, details.tables.ledger)
  expect(new Set(ledger.keys())).toEqual(new Set(ids.keys()))
  for (const items of ledger.values()) expect(items).toMatchObject([{ status: 'done' }])
  expect(await depthOf(clients.sqs, details.queues.quarantine)).toBe(0)
})
