import { expect, test } from 'vitest'
import * as z from 'zod'
import { createRandom } from '../../local/clickup/random.ts'
import { createMemorySqs } from '../../local/virtual/aws/sqs/sqs.ts'
import { type Container, createContainers } from '../../local/virtual/containers.ts'
import { startPoller } from '../../local/virtual/poller.ts'
import { createVirtualTime, type VirtualTime } from '../../local/virtual/time.ts'

const URL = 'https://sqs.invalid/work'
const VISIBILITY_SECONDS = 60
const TIMEOUT_MS = 10_000

const eventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) })
type Batch = z.infer<typeof eventSchema>['Records']

/** A queue, and a function that does what is given with each batch. */
function setUp(act: (batch: Batch, time: VirtualTime) => Promise<unknown>, maxConcurrency = 3) {
  const time = createVirtualTime(1_800_000_000_000)
  const random = createRandom(7)
  const sqs = createMemorySqs({ [URL]: { visibilitySeconds: VISIBILITY_SECONDS } }, { time, random })
  const seen: { made: number; killed: number; running: number; most: number; batches: Batch[] } = {
    made: 0,
    killed: 0,
    running: 0,
    most: 0,
    batches: [],
  }
  const make = (): Container => {
    seen.made += 1
    return {
      async invoke(event) {
        const { Records } = eventSchema.parse(event)
        seen.batches.push(Records)
        seen.running += 1
        seen.most = Math.max(seen.most, seen.running)
        try {
          return await act(Records, time)
        } finally {
          seen.running -= 1
        }
      },
      kill: () => {
        seen.killed += 1
      },
    }
  }
  const { invoke } = createContainers(make, { time, random, timeoutMs: TIMEOUT_MS })
  const { figures, emptyReceives } = startPoller({ time, random, sqs, queueUrl: URL, maxConcurrency, invoke })
  return {
    time,
    seen,
    figures,
    emptyReceives,
    queue: sqs.queue(URL),
    send: (...bodies: string[]) => {
      for (const body of bodies) sqs.queue(URL).send(body, {}, 0)
    },
    after(seconds: number) {
      const until = time.now() + seconds * 1000
      time.schedule(until, () => undefined)
      return time.run({ until })
    },
  }
}

const SUCCESS = { batchItemFailures: [] }
const many = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`)

test('everything is handed over once, in batches of at most ten, no more of them at once than are allowed', async () => {
  const { send, after, seen, figures, queue } = setUp(async (_batch, time) => {
    await time.sleep(500)
    return SUCCESS
  })
  send(...many(100))
  await after(30)
  const bodies = seen.batches.flat().map(({ body }) => body)
  expect(bodies.toSorted()).toEqual(many(100).toSorted())
  expect(Math.max(...seen.batches.map((batch) => batch.length))).toBe(10)
  expect(seen.most).toBe(3)
  expect(queue.size()).toBe(0)
  expect(figures).toMatchObject({ begun: seen.batches.length, running: 0, timedOut: 0, failed: 0 })
  // Each takes half a second, and three of them began with a cold container.
  expect(figures.busyMs).toBeGreaterThan(seen.batches.length * 500)
  // Warm containers are used again.
  expect(seen.made).toBe(3)
})

test('a message that comes while nothing happens is handed over at once', async () => {
  const { send, after, seen, emptyReceives } = setUp(async () => SUCCESS)
  await after(3_600)
  // Three requests wait 20 s each, again and again.
  expect(emptyReceives()).toBe(3 * 180)
  send('late')
  await after(1)
  expect(seen.batches.flat().map(({ body }) => body)).toEqual(['late'])
})

test('what was reported as failed comes back when its visibility ends, and nothing else does', async () => {
  const { send, after, seen, queue } = setUp(async (batch) => ({
    batchItemFailures: batch
      .filter(({ body }) => body === 'bad')
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  }))
  send('good', 'bad')
  await after(VISIBILITY_SECONDS - 1)
  expect(queue.size()).toBe(1)
  await after(2)
  expect(
    seen.batches
      .flat()
      .map(({ body }) => body)
      .toSorted(),
  ).toEqual(['bad', 'bad', 'good'])
})

test('an invocation that throws has handled nothing', async () => {
  const { send, after, figures, queue } = setUp(async () => {
    throw new Error('no')
  })
  send('a')
  await after(5)
  expect(figures).toMatchObject({ begun: 1, running: 0, failed: 1, timedOut: 0 })
  expect(queue.size()).toBe(1)
})

test('an invocation that runs into its time-out is ended with its container, and its messages come back', async () => {
  let isFirst = true
  const { send, after, figures, queue, seen } = setUp(async (_batch, time) => {
    if (isFirst) {
      isFirst = false
      await time.sleep(TIMEOUT_MS + 20_000)
    }
    return SUCCESS
  }, 1)
  send('slow')
  await after(TIMEOUT_MS / 1000 + 1)
  expect(figures).toMatchObject({ begun: 1, running: 0, timedOut: 1 })
  expect([seen.killed, queue.size()]).toEqual([1, 1])
  await after(VISIBILITY_SECONDS)
  expect(figures).toMatchObject({ begun: 2, timedOut: 1 })
  // The dead one is not used again, not even after what ran in it has ended.
  expect([seen.made, queue.size()]).toEqual([2, 0])
  send('next')
  await after(60)
  expect(seen.made).toBe(2)
})
