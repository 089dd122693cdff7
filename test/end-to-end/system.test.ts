import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeId } from '../../core/ingest/identity.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { digestSince } from '../../local/start/digest.ts'
import { type Subscriber, subscribe } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { post, sign, statusDelivery } from './support/deliveries.ts'
import { aTask, isThere, ledgerById, untilDrained } from './support/system.ts'

// One system for all of them, from the synthesized template: bundles, roles, environment and all.
let directory: string
let system: LocalSystem
let subscriber: Subscriber

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  system = await startLocal({ seed: 7, file: join(directory, 'local.json') })
  subscriber = await subscribe(system.clients, { name: 'end-to-end', busName: system.details.busName })
})

afterAll(async () => {
  await subscriber?.close()
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

const statusChangeId = (taskId: string, historyId: string) =>
  changeId({ resourceKind: 'task', resourceId: taskId, historyId, field: 'status', contentHash: null })

const heard = (id: string) => subscriber.arrivals().filter(({ event }) => event.changeId === id)

test('a signed delivery comes out on the bus with its task, and stands in the tables', async () => {
  const task = aTask(system, 0)
  const id = statusChangeId(task.id, 'history-1')
  expect(await post(system.details, statusDelivery(task.id, 'history-1'))).toMatchObject({ status: 200 })

  const arrival = await until(() => heard(id)[0], { what: 'the event', deadlineMs: 20_000 })
  expect(arrival.detailType).toBe('Task Status Changed')
  expect(arrival.event).toMatchObject({
    schemaVersion: 1,
    connection: 'main',
    resource: { kind: 'task', id: task.id },
    field: 'status',
    before: { name: 'backlog', type: 'open' },
    after: { name: 'in progress', type: 'custom' },
    actor: { id: '183', name: 'Ada Example', isSelf: false },
    origin: 'webhook',
    // What the delivery did not carry: it was read from ClickUp.
    task: { id: task.id, name: task.name, state: 'present' },
  })

  await untilDrained(system)
  const { ledger, tasks } = system.details.tables
  expect((await ledgerById(system, ledger)).get(id)).toMatchObject([
    { status: 'done', field: 'status', origin: 'webhook' },
  ])
  expect(await isThere(system, tasks, { pk: `main#task#${task.id}`, sk: 'snapshot' })).toMatchObject({
    name: task.name,
  })
})

test('the same delivery five times is one change', async () => {
  const task = aTask(system, 1)
  const body = statusDelivery(task.id, 'history-2')
  const id = statusChangeId(task.id, 'history-2')
  const first = await post(system.details, body)
  await until(() => heard(id)[0], { what: 'the event', deadlineMs: 20_000 })
  // Out of the first one's batch, where they would be one piece of work anyway.
  await untilDrained(system)
  const others = await Promise.all(Array.from({ length: 4 }, () => post(system.details, body)))
  expect([first, ...others].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])

  await untilDrained(system)
  // A later change has come through, so a second event of the first would have come too.
  await post(system.details, statusDelivery(task.id, 'history-3'))
  await until(() => heard(statusChangeId(task.id, 'history-3'))[0], { what: 'the later event', deadlineMs: 20_000 })
  expect(heard(id)).toHaveLength(1)
  expect((await ledgerById(system, system.details.tables.ledger)).get(id)).toHaveLength(1)
})

test('what is not signed by ClickUp is refused with 403 and one body for all reasons', async () => {
  const { details } = system
  const body = statusDelivery(aTask(system, 2).id, 'history-4')
  const flipped = body.replace('backlog', 'bbcklog')
  const answers = {
    flipped: await post(details, flipped, sign(body, details.signingSecret)),
    short: await post(details, body, 'abc'),
    empty: await post(details, body, ''),
    unknownSlot: await post({ ...details, webhookUrl: details.webhookUrl.replace(/a$/, 'b') }, body),
    unknownConnection: await post({ ...details, webhookUrl: details.webhookUrl.replace('/main/', '/other/') }, body),
  }
  for (const answer of Object.values(answers)) expect(answer).toEqual({ status: 403, text: answers.flipped.text })
  await untilDrained(system)
  expect(heard(statusChangeId(aTask(system, 2).id, 'history-4'))).toEqual([])
})

test('what people did is told from its tables, by template and without a key', async () => {
  const { clickup } = system
  if (clickup === null) throw new Error('there is no fake ClickUp')
  const person = clickup.world.users().find(({ bot }) => !bot)
  const task = aTask(system, 3)
  const began = Date.now()
  clickup.world.setPriority(inApp(person?.id ?? 0), task.id, task.priority === 1 ? 4 : 1)
  await clickup.idle()
  await untilDrained(system)
  const text = (await digestSince(system, began, Date.now() + 1)).join('\n')
  expect(text).toContain(`the priority of “${task.name}” `)
  expect(text).toContain(person?.username)
  expect(text).toContain('Told by template, because no model is configured.')
})

test('its details are for its owner alone', () => {
  const file = join(directory, 'local.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(system.details)
})

test('closing leaves nothing', async () => {
  const pids = system.stack.functions.flatMap(({ processes }) => processes().map(({ pid }) => pid))
  expect(pids.length).toBeGreaterThan(0)
  await subscriber.close()
  await system.close()

  expect(existsSync(join(directory, 'local.json'))).toBe(false)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  for (const url of [system.details.webhookUrl, system.details.clickupUrl, system.gateway.url]) {
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  }
})
