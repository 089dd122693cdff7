import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { fateOf } from '../../local/clickup/truth.ts'
import { caller, health, hook, type Received, startReceiver, startSmall, webhookSchema } from './support.ts'

const QUICK = { retrySpacingMs: 1 }

test('a webhook is made, listed with its secret, changed and deleted', async () => {
  const { fake, service, list, call } = await startSmall()
  const made = await hook(fake, 'https://example.invalid/a', {
    events: ['taskCreated', 'taskMoved'],
    list_id: Number(list.id),
  })
  expect(made).toEqual({
    ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), userid: service.id, team_id: Number(fake.workspaceId) },
    ...{ endpoint: 'https://example.invalid/a', client_id: expect.any(String), events: ['taskCreated', 'taskMoved'] },
    ...{ task_id: null, list_id: list.id, folder_id: null, space_id: null },
    ...{ health: { status: 'active', fail_count: 0 }, secret: expect.stringMatching(/^[A-Z0-9]{64}$/) },
  })
  const path = `/v2/team/${fake.workspaceId}/webhook`
  expect((await call('GET', path)).body).toEqual({ webhooks: [made] })

  const incomplete = await call('PUT', `/v2/webhook/${made.id}`, { endpoint: 'https://example.invalid/b', events: '*' })
  expect(incomplete.status).toBe(400)
  const changes = { endpoint: 'example.invalid/b', events: '*', status: 'active' }
  const changed = await call('PUT', `/v2/webhook/${made.id}`, changes)
  expect(changed.body).toMatchObject({
    id: made.id,
    webhook: { endpoint: 'https://example.invalid/b', events: [...EVENT_NAMES], secret: made.secret },
  })
  expect(await call('DELETE', `/v2/webhook/${made.id}`)).toMatchObject({ status: 200, body: {} })
  expect((await call('GET', path)).body).toEqual({ webhooks: [] })
})

test('a second webhook on the same location is refused, on another one or by another user it is not', async () => {
  const { fake, list, ben, call } = await startSmall()
  const path = `/v2/team/${fake.workspaceId}/webhook`
  await hook(fake, 'https://example.invalid/a', { events: ['taskCreated'] })
  const second = { endpoint: 'https://example.invalid/b', events: ['taskMoved'] }
  expect(await call('POST', path, second)).toMatchObject({
    status: 400,
    body: { err: 'Webhook configuration already exists', ECODE: 'OAUTH_171' },
  })
  expect((await call('POST', path, { ...second, list_id: list.id })).status).toBe(200)
  expect((await call('POST', path, second, fake.issueToken(ben.id))).status).toBe(200)
  fake.faults.allowSecondWebhook = 'otherEndpoint'
  expect((await call('POST', path, second)).status).toBe(200)
  expect((await call('POST', path, second)).body).toMatchObject({ ECODE: 'OAUTH_171' })
})

test("another user's webhooks are neither seen nor changed", async () => {
  const { fake, ben, call } = await startSmall()
  const made = await hook(fake, 'https://example.invalid/a')
  const token = fake.issueToken(ben.id)
  expect((await call('GET', `/v2/team/${fake.workspaceId}/webhook`, undefined, token)).body).toEqual({ webhooks: [] })
  expect((await call('DELETE', `/v2/webhook/${made.id}`, undefined, token)).body).toMatchObject({ ECODE: 'OAUTH_027' })
})

test('deliveries are signed over the bytes that are sent', async () => {
  const { fake, world, list, actor } = await startSmall()
  const receiver = await startReceiver()
  const { secret, id } = await hook(fake, receiver.url)
  world.createTask(actor, { listId: list.id, name: 'Żółw 🐢' })
  await fake.idle()
  expect(receiver.received).toHaveLength(3)
  for (const { raw, signature, contentType, body } of receiver.received) {
    expect(signature).toBe(createHmac('sha256', secret).update(raw).digest('hex'))
    expect(contentType).toBe('application/json')
    expect(body.webhook_id).toBe(id)
  }
})

test('only the events asked for, and only from the place asked for', async () => {
  const { fake, world, list, other, folder, space, actor } = await startSmall({ plan: 'Enterprise' })
  const heard = async (rest: Record<string, unknown>) => {
    const receiver = await startReceiver()
    const made = await hook(fake, receiver.url, rest)
    const task = world.createTask(actor, { listId: list.id, name: 'Here' })
    world.createTask(actor, { listId: other.id, name: 'There' })
    world.setPriority(actor, task.id, 1)
    world.createGoal(actor, { name: 'Everywhere' })
    await fake.idle()
    await caller(fake)('DELETE', `/v2/webhook/${made.id}`)
    return receiver.events().sort().join(' ')
  }
  const created = 'taskCreated taskStatusUpdated taskUpdated'
  expect(await heard({ list_id: list.id })).toBe(
    'taskCreated taskPriorityUpdated taskStatusUpdated taskUpdated taskUpdated',
  )
  expect(await heard({ list_id: other.id })).toBe(created)
  expect(await heard({ folder_id: folder.id, space_id: space.id, list_id: other.id })).toBe(created)
  expect(await heard({ space_id: space.id, events: ['taskCreated'] })).toBe('taskCreated taskCreated')
  expect(await heard({ events: ['goalCreated', 'taskPriorityUpdated'] })).toBe('goalCreated taskPriorityUpdated')
})

test('a webhook hears nothing of places its maker may not see, nor when the maker is disabled', async () => {
  const { fake, world, space, list, actor, ann, service } = await startSmall()
  const receiver = await startReceiver()
  await hook(fake, receiver.url)
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  world.makePrivate(actor, space.id, [ann.id])
  await fake.idle()
  const before = receiver.received.length
  world.rename(actor, task.id, 'Secret')
  world.makePublic(actor, space.id)
  world.disableUser(actor, service.id)
  world.rename(actor, task.id, 'Public again')
  await fake.idle()
  expect(receiver.events().slice(before)).toEqual(['spaceUpdated'])
  expect(
    fake.log
      .changes()
      .filter(({ field }) => field === 'name')
      .map(fateOf),
  ).toEqual(['unheard', 'unheard'])
})

test('five tries, then the failure counts and the event is gone; a success wipes it out', async () => {
  const { fake, world, list, actor } = await startSmall({ faults: QUICK })
  let status = 500
  const receiver = await startReceiver(() => status)
  await hook(fake, receiver.url, { events: ['taskPriorityUpdated'] })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  world.setPriority(actor, task.id, 1)
  await fake.idle()
  expect(receiver.received).toHaveLength(5)
  expect(new Set(receiver.received.map(({ raw }) => raw.toString())).size).toBe(1)
  expect(await health(fake)).toEqual({ status: 'failing', fail_count: 1 })
  expect(
    fake.log
      .changes()
      .filter(({ field }) => field === 'priority')
      .map(fateOf),
  ).toEqual(['dropped'])
  status = 204
  world.setPriority(actor, task.id, 2)
  await fake.idle()
  expect(receiver.received).toHaveLength(6)
  expect(await health(fake)).toEqual({ status: 'active', fail_count: 0 })
})

test('a failing try is made good by a later one and never counts', async () => {
  const { fake, world, list, actor } = await startSmall({ faults: QUICK })
  let tries = 0
  const receiver = await startReceiver(() => (++tries < 5 ? 503 : 200))
  await hook(fake, receiver.url, { events: ['taskCreated'] })
  world.createTask(actor, { listId: list.id, name: 'One' })
  await fake.idle()
  expect(tries).toBe(5)
  expect(await health(fake)).toEqual({ status: 'active', fail_count: 0 })
})

test('no answer in time is a failure', async () => {
  const { fake, world, list, actor } = await startSmall({ faults: { ...QUICK, deliveryTimeoutMs: 150 } })
  const receiver = await startReceiver(() => null)
  await hook(fake, receiver.url, { events: ['taskCreated'] })
  world.createTask(actor, { listId: list.id, name: 'One' })
  await fake.idle()
  expect(receiver.received).toHaveLength(5)
  expect(fake.log.entries().filter((entry) => entry.kind === 'attempt')).toMatchObject(
    Array.from({ length: 5 }, (_, index) => ({ attempt: index + 1, status: null, problem: 'timeout' })),
  )
})

test.each([401, 410])('%i suspends at once, and nothing more is sent until it is made active', async (status) => {
  const { fake, world, list, actor, call } = await startSmall({ faults: QUICK })
  let answer = status
  const receiver = await startReceiver(() => answer)
  const made = await hook(fake, receiver.url, { events: ['taskCreated'] })
  world.createTask(actor, { listId: list.id, name: 'One' })
  await fake.idle()
  expect(receiver.received).toHaveLength(1)
  expect(await health(fake)).toMatchObject({ status: 'suspended' })
  world.createTask(actor, { listId: list.id, name: 'Two' })
  await fake.idle()
  expect(receiver.received).toHaveLength(1)
  answer = 200
  await call('PUT', `/v2/webhook/${made.id}`, { endpoint: made.endpoint, events: ['taskCreated'], status: 'active' })
  const three = world.createTask(actor, { listId: list.id, name: 'Three' })
  await fake.idle()
  expect(receiver.received.slice(1).map(({ body }) => body)).toMatchObject([{ task_id: three.id }])
})

test('a hundred lost events suspend the webhook', async () => {
  const { fake, world, list, actor, call } = await startSmall({ faults: { retrySpacingMs: 0 } })
  const receiver = await startReceiver(() => 400)
  await hook(fake, receiver.url, { events: ['taskPriorityUpdated'] })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  for (let count = 0; count < 99; count++) world.setPriority(actor, task.id, count % 2 === 0 ? 1 : 2)
  await fake.idle()
  expect(await health(fake)).toEqual({ status: 'failing', fail_count: 99 })
  world.setPriority(actor, task.id, 4)
  await fake.idle()
  expect(await health(fake)).toEqual({ status: 'suspended', fail_count: 100 })
  world.setPriority(actor, task.id, 3)
  await fake.idle()
  expect(receiver.received).toHaveLength(500)
  const path = `/v2/team/${fake.workspaceId}/webhook`
  const [only] = z.object({ webhooks: z.array(webhookSchema) }).parse((await call('GET', path)).body).webhooks
  await call('PUT', `/v2/webhook/${only?.id}`, { endpoint: receiver.url, events: '*', status: 'active' })
  expect(await health(fake)).toEqual({ status: 'active', fail_count: 0 })
})

test('what waits for a deleted webhook is not sent, and nothing hangs', async () => {
  const { fake, world, list, actor, call } = await startSmall({ faults: { retrySpacingMs: 20 } })
  const answered: Received[] = []
  const receiver = await startReceiver((received) => {
    answered.push(received)
    return 500
  })
  const made = await hook(fake, receiver.url, { events: ['taskCreated'] })
  world.createTask(actor, { listId: list.id, name: 'One' })
  await call('DELETE', `/v2/webhook/${made.id}`)
  await fake.idle()
  expect(answered.length).toBeLessThanOrEqual(1)
  expect(fake.log.entries().filter(({ kind }) => kind === 'dropped')).toMatchObject([{ reason: 'deleted' }])
})
