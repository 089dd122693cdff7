import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import * as z from 'zod'
import type { Clock } from '../../core/platform/clock.ts'
import { type FakeClickUp, type FakeClickUpOptions, startFakeClickUp } from '../../local/clickup/server.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'

export const NOON = Date.UTC(2026, 2, 16, 12)

/** A clock that moves only when told. */
export function manualClock(start = NOON): Clock & { advance(ms: number): void } {
  let time = start
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
  }
}

/** A fake that ends with the test. Its demo workspace is left out unless asked for. */
export async function startFake(options: Partial<FakeClickUpOptions> = {}): Promise<FakeClickUp> {
  const fake = await startFakeClickUp({ seed: 7, demo: false, ...options })
  onTestFinished(() => fake.close())
  return fake
}

/** A small workspace: one space, one folder with two lists, two people. */
export async function startSmall(options: Partial<FakeClickUpOptions> = {}) {
  const fake = await startFake(options)
  const { world } = fake
  const service = world.users()[0]
  if (service === undefined) throw new Error('no service account')
  const { ann, ben } = world.inThePast(world.now() - 1_000, () => ({
    ann: world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 1 }),
    ben: world.addUser({ username: 'Ben Cole', email: 'ben@team.example', role: 3 }),
  }))
  const actor = inApp(ann.id)
  const made = world.inThePast(world.now() - 1_000, () => {
    const space = world.createSpace(actor, { name: 'Space' })
    const folder = world.createFolder(actor, { spaceId: space.id, name: 'Folder' })
    const parent = { kind: 'folder', id: folder.id } as const
    const list = world.createList(actor, { name: 'First', parent })
    return { space, folder, list, other: world.createList(actor, { name: 'Second', parent }) }
  })
  return { fake, world, service, ann, ben, actor, call: caller(fake), ...made }
}

type Called = { status: number; body: unknown; headers: Headers }

/** Calls the API as the service account, or with another token; null sends none. */
export function caller(fake: FakeClickUp) {
  return async (method: string, path: string, body?: unknown, token: string | null = fake.tokens.service) => {
    const response = await fetch(`${fake.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: token }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, body: parsed, headers: response.headers } satisfies Called
  }
}

export type Received = {
  path: string
  signature: string
  contentType: string
  raw: Buffer
  body: z.infer<typeof deliverySchema>
}

const itemSchema = z.looseObject({
  id: z.string(),
  field: z.string(),
  date: z.string(),
  parent_id: z.string(),
  user: z.looseObject({ id: z.number() }),
})
const deliverySchema = z.looseObject({
  event: z.string(),
  webhook_id: z.string(),
  history_items: z.array(itemSchema).optional(),
})

/** What a webhook points at. `answer` gives each delivery's status; null leaves it without an answer. */
export async function startReceiver(answer: (received: Received) => number | null = () => 200) {
  const received: Received[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const one: Received = {
        path: request.url ?? '',
        signature: String(request.headers['x-signature']),
        contentType: String(request.headers['content-type']),
        raw,
        body: deliverySchema.parse(JSON.parse(raw.toString('utf8'))),
      }
      received.push(one)
      const status = answer(one)
      if (status !== null) response.writeHead(status).end()
    })
  })
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address()
      if (bound === null || typeof bound === 'string') reject(new Error('no port'))
      else resolve(bound)
    })
  })
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    events: () => received.map(({ body }) => body.event),
  }
}

export const webhookSchema = z.looseObject({
  id: z.string(),
  endpoint: z.string(),
  events: z.array(z.string()),
  secret: z.string(),
  health: z.object({ status: z.string(), fail_count: z.number() }),
})
const createdSchema = z.object({ id: z.string(), webhook: webhookSchema })

/** Registers a webhook by the API and gives it back. */
export async function hook(fake: FakeClickUp, endpoint: string, rest: Record<string, unknown> = {}) {
  const { body } = await caller(fake)('POST', `/v2/team/${fake.workspaceId}/webhook`, {
    endpoint,
    events: '*',
    ...rest,
  })
  return createdSchema.parse(body).webhook
}

/** The health of the service account's only webhook. */
export async function health(fake: FakeClickUp) {
  const { body } = await caller(fake)('GET', `/v2/team/${fake.workspaceId}/webhook`)
  return z.object({ webhooks: z.array(webhookSchema) }).parse(body).webhooks[0]?.health
}
