import { expect, test } from 'vitest'
import { fateOf, type TruthChange } from '../../local/clickup/truth.ts'
import { health, hook, startReceiver, startSmall } from './support.ts'

/** A workspace with a webhook and a task that was there before. */
async function heard(options: Parameters<typeof startSmall>[0] = {}) {
  const small = await startSmall(options)
  const { fake, world, list, actor } = small
  const receiver = await startReceiver()
  const made = await hook(fake, receiver.url)
  const webhook = fake.webhooks.get(made.id)
  if (webhook === undefined) throw new Error('no webhook')
  const task = world.inThePast(world.now(), () => world.createTask(actor, { listId: list.id, name: 'Name' }))
  const fates = () => fake.log.changes().map(fateOf)
  return { ...small, receiver, made, webhook, task, fates }
}

const lossesOf = (changes: readonly TruthChange[]) =>
  new Set(changes.flatMap(({ deliveries }) => deliveries.map(({ lostBy }) => lostBy)))

test('a silent webhook looks well and delivers nothing; one made in its place delivers', async () => {
  const { fake, world, actor, task, receiver, made, call, fates } = await heard()
  fake.faults.silentWebhooks = [made.id]
  world.setPriority(actor, task.id, 1)
  await fake.idle()
  expect(receiver.received).toHaveLength(0)
  expect(await health(fake)).toEqual({ status: 'active', fail_count: 0 })
  expect(fates()).toEqual(['lost'])
  expect(lossesOf(fake.log.changes())).toEqual(new Set(['silence']))
  await call('DELETE', `/v2/webhook/${made.id}`)
  const second = await hook(fake, receiver.url)
  expect(second.id).not.toBe(made.id)
  world.setPriority(actor, task.id, 2)
  await fake.idle()
  expect(receiver.events().sort()).toEqual(['taskPriorityUpdated', 'taskUpdated'])
})

test('a webhook that was suspended by hand is told and hears nothing until it is active again', async () => {
  const { fake, world, actor, task, receiver, webhook, made, call, fates } = await heard()
  fake.webhooks.suspend(webhook)
  expect(await health(fake)).toEqual({ status: 'suspended', fail_count: 0 })
  world.rename(actor, task.id, 'While it was suspended')
  await call('PUT', `/v2/webhook/${made.id}`, { endpoint: receiver.url, events: '*', status: 'active' })
  world.rename(actor, task.id, 'After')
  await fake.idle()
  expect(receiver.events()).toEqual(['taskUpdated'])
  expect(fates()).toEqual(['unheard', 'delivered'])
})

test('the count of failures can be set: one more at 99 suspends it', async () => {
  const { fake, world, actor, task, webhook } = await heard({ faults: { retrySpacingMs: 1 } })
  fake.webhooks.setFailCount(webhook, 99)
  expect(await health(fake)).toEqual({ status: 'failing', fail_count: 99 })
  webhook.endpoint = 'http://127.0.0.1:1/nobody'
  world.rename(actor, task.id, 'Lost')
  await fake.idle()
  expect(await health(fake)).toEqual({ status: 'suspended', fail_count: 100 })
  fake.webhooks.setFailCount(webhook, 0)
  expect(await health(fake)).toEqual({ status: 'active', fail_count: 0 })
})

test('a webhook that was pointed elsewhere delivers there', async () => {
  const { fake, world, actor, task, receiver, made, call } = await heard()
  const elsewhere = await startReceiver()
  await call('PUT', `/v2/webhook/${made.id}`, { endpoint: elsewhere.url, events: '*', status: 'active' })
  world.rename(actor, task.id, 'Elsewhere')
  await fake.idle()
  expect([receiver.received.length, elsewhere.received.length]).toEqual([0, 1])
})

test('a lost change loses its twins with it, the same ones for the same seed', async () => {
  async function lost() {
    const { fake, world, actor, task, receiver } = await heard({ faults: { lostChanges: 0.3 } })
    for (let count = 0; count < 150; count++) world.setPriority(actor, task.id, count % 2 === 0 ? 1 : 2)
    await fake.idle()
    const changes = fake.log.changes()
    for (const { deliveries } of changes) {
      expect(deliveries).toHaveLength(2)
      expect(new Set(deliveries.map(({ fate }) => fate)).size).toBe(1)
    }
    const gone = changes.filter((change) => fateOf(change) === 'lost')
    expect(receiver.received).toHaveLength(2 * (150 - gone.length))
    expect(lossesOf(gone)).toEqual(new Set(['change']))
    return gone.map(({ seq }) => seq)
  }
  const first = await lost()
  expect(first.length).toBeGreaterThan(25)
  expect(first.length).toBeLessThan(70)
  expect(await lost()).toEqual(first)
})

test('a late change leaves as much later as it says, its twins too, and the log knows', async () => {
  const { fake, world, actor, task, receiver } = await heard({ faults: { lateChanges: { share: 0.5, ms: 150 } } })
  for (let count = 0; count < 40; count++) world.setPriority(actor, task.id, count % 2 === 0 ? 1 : 2)
  const late = fake.log.changes().filter(({ deliveries }) => deliveries.every(({ lateMs }) => lateMs === 150))
  const onTime = fake.log.changes().filter(({ deliveries }) => deliveries.every(({ lateMs }) => lateMs === undefined))
  expect(late.length).toBeGreaterThan(8)
  expect(late.length + onTime.length).toBe(40)
  await fake.idle()
  const order = receiver.received.map(({ body }) => body.history_items?.[0]?.id)
  const isLate = new Set(late.map(({ historyId }) => historyId))
  expect(order.slice(-2 * late.length).every((id) => isLate.has(id ?? ''))).toBe(true)
  expect(fake.log.changes().every((change) => fateOf(change) === 'delivered')).toBe(true)
})

test('making a webhook can be refused for lack of rights', async () => {
  const { fake, call } = await startSmall({ faults: { webhookRefusal: '401' } })
  const make = () =>
    call('POST', `/v2/team/${fake.workspaceId}/webhook`, { endpoint: 'https://x.invalid', events: '*' })
  expect(await make()).toMatchObject({ status: 401, body: { ECODE: 'OAUTH_027' } })
  fake.faults.webhookRefusal = '403'
  expect(await make()).toMatchObject({ status: 403, body: { ECODE: 'OAUTH_027' } })
  fake.faults.webhookRefusal = 'none'
  expect((await make()).status).toBe(200)
})
