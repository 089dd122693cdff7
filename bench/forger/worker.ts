import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { createRandom } from '../../local/clickup/random.ts'

/**
 * A verifier's process for `bench.ts`: the bundle as it is deployed, called as Lambda calls it, with the load made here so that
 * nothing but the function's own calls crosses a wire. Lambda gives a process one request at a time; here a forgery and a
 * delivery share one, which is worse for the delivery than anything that can happen there.
 */
const optionsSchema = z.object({
  bundle: z.string(),
  seed: z.number(),
  secret: z.string(),
  connection: z.string(),
  phaseMs: z.number(),
  rounds: z.number(),
  forgedPerSecond: z.number(),
})

const TICK_MS = 10
const HONEST_EVERY_MS = 20

const answerSchema = z.object({ statusCode: z.number() })
const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''))
const { seed, secret, connection, phaseMs, rounds, forgedPerSecond } = options
const { handler } = z
  .object({ handler: z.custom<(event: unknown) => Promise<unknown>>((value) => typeof value === 'function') })
  .parse(await import(options.bundle))
const random = createRandom(seed)

function bodyOf(task: string): string {
  const status = { id: random.uuid(), field: 'status', date: '1760000000000', user: { id: 183 }, before: {}, after: {} }
  return JSON.stringify({ event: 'taskStatusUpdated', task_id: task, webhook_id: 'w', history_items: [status] })
}

async function post(body: string, signature: string): Promise<number> {
  const event = {
    version: '2.0',
    headers: { 'content-type': 'application/json', 'x-signature': signature },
    pathParameters: { connection, slot: 'a' },
    body,
    isBase64Encoded: false,
  }
  return answerSchema.parse(await handler(event)).statusCode
}

const sign = (body: string) => createHmac('sha256', secret).update(body).digest('hex')

const honest = { quiet: [] as number[], flooded: [] as number[] }
const answered = { honest: new Map<number, number>(), forged: new Map<number, number>() }
const add = (to: Map<number, number>, status: number) => to.set(status, (to.get(status) ?? 0) + 1)

async function deliver(times: number[]): Promise<void> {
  const body = bodyOf(random.text('abcdefgh0123456789', 9))
  const signature = sign(body)
  const start = performance.now()
  add(answered.honest, await post(body, signature))
  times.push(performance.now() - start)
}

const forgeries = Array.from({ length: 100 }, () => ({
  body: bodyOf('forged'),
  signature: random.text('0123456789abcdef', 64),
}))

async function forge(): Promise<void> {
  const { body, signature } = random.pick(forgeries)
  add(answered.forged, await post(body, signature))
}

/** At a pace that does not depend on the answers, as neither ClickUp nor a forger waits for them. */
async function phase(times: number[], forgedPerTick: number): Promise<void> {
  const running: Promise<void>[] = []
  const start = performance.now()
  for (let tick = 0; tick * TICK_MS < phaseMs; tick += 1) {
    const early = start + tick * TICK_MS - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    if ((tick * TICK_MS) % HONEST_EVERY_MS === 0) running.push(deliver(times))
    for (let i = 0; i < forgedPerTick; i += 1) running.push(forge())
  }
  await Promise.all(running)
}

// Both paths are compiled before anything is measured.
await phase([], 1)
answered.honest.clear()
answered.forged.clear()
const began = performance.now()
for (let round = 0; round < rounds; round += 1) {
  await phase(honest.quiet, 0)
  await phase(honest.flooded, (forgedPerSecond * TICK_MS) / 1_000)
}
process.send?.({
  seconds: (performance.now() - began) / 1_000,
  quiet: honest.quiet,
  flooded: honest.flooded,
  honest: Object.fromEntries(answered.honest),
  forged: Object.fromEntries(answered.forged),
})
process.disconnect()
