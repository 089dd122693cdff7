import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { STANDUP } from '../../infra/rights.ts'
import { createDriver, type Driver } from '../../local/check/drive.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../../local/check/settings.ts'
import { type FakeClickUp, startFakeClickUp } from '../../local/clickup/server.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { depthOf } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'

// Every turn that a summary and a recipe can take, through the role of the synthesized template.
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
let directory: string
let clickup: FakeClickUp
let system: LocalSystem
let driver: Driver
const used = new Set<string>()

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-rights-'))
  clickup = await startFakeClickUp({ seed: 11, plan: 'Enterprise', mostInAList: 5 })
  const { world } = clickup
  const { listId, id: task } = aTask()
  world.createField(aPerson(), { name: 'Digest', type: 'text', place: { kind: 'list', id: listId } })
  const everywhere = { comment: { task }, field: { task, name: 'Digest' }, event: true }
  const { spaceId } = placeOf(listId)
  const due = { at: '00:00', days: DAYS }
  const standup = {
    summaries: [
      { name: 'early', ...due, lists: [listId], to: { event: true } },
      { name: 'everything', ...due, to: { event: true } },
      { name: 'of-a-list', ...due, lists: [listId], to: everywhere },
      { name: 'of-a-space', ...due, spaces: [spaceId], to: { event: true } },
      { name: 'last', ...due, lists: [listId], to: { comment: { task } } },
    ],
    recipes: [
      { name: 'note', on: { status: otherStatus().status }, comment: true },
      { name: 'digest', on: due, lists: [listId], fill: { field: 'Digest' } },
    ],
  }
  const configPath = join(directory, 'hookline.config.ts')
  writeFileSync(configPath, `export default ${JSON.stringify({ standup })}`)
  system = await startLocal({
    ...{ seed: 11, configPath, clickup: { url: clickup.url, token: clickup.tokens.service } },
    outside: {
      [ENV.standupSettleMs]: '0',
      [ENV.clickupStatusUrl]: clickup.statusUrl,
      [ENV.syncSettings]: JSON.stringify(SYNC_SETTINGS),
      [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
    },
  })
  driver = createDriver(system, clickup)
  const standupKey = system.stack.functions.find(({ name }) => name.endsWith('-standup'))?.accessKeyId
  system.gateway.intercept(({ accessKeyId, action, resources }) => {
    if (accessKeyId === standupKey) for (const resource of resources) used.add(`${action} ${nameOf(resource)}`)
  })
}, 120_000)
afterAll(async () => {
  await system?.close()
  await clickup?.close()
  rmSync(directory, { recursive: true })
})

/** A task of the demo workspace, always the same for the same place. */
function aTask(place = 0) {
  const task = clickup.world.tasks().filter(({ archived, parentId }) => !archived && parentId === null)[place]
  if (task === undefined) throw new Error(`The demo workspace has no task ${place}`)
  return task
}

function placeOf(listId: string) {
  const { store } = clickup.world
  const list = store.lists.get(listId)
  const folder = store.folders.get(list?.folderId ?? '')
  const space = store.spaces.get(folder?.spaceId ?? '')
  if (space === undefined) throw new Error('The list is nowhere')
  return { spaceId: space.id, statuses: list?.statuses ?? folder?.statuses ?? space.statuses }
}

/** One that the first task can come into. */
function otherStatus() {
  const { listId, status } = aTask()
  const other = placeOf(listId).statuses.find(({ id, type }) => id !== status.id && type === 'custom')
  if (other === undefined) throw new Error('The list has one status only')
  return other
}

const ourUser = () => String(clickup.world.users()[0]?.id)

function aPerson() {
  const person = clickup.world.users().find(({ bot }) => !bot)
  if (person === undefined) throw new Error('The demo workspace is empty')
  return inApp(person.id)
}

/** A resource by its name in the list of rights. */
function nameOf(arn: string): string {
  const { tables, queues, busName } = system.details
  const [, index] = /\/index\/(\w+)$/.exec(arn) ?? []
  if (index !== undefined) return index
  const last = arn.split(/[:/]/).at(-1) ?? arn
  const names: Record<string, string> = {
    [tables.ledger]: 'ledger',
    [tables.tasks]: 'tasks',
    [tables.state]: 'state',
    [queues.standup?.split('/').at(-1) ?? '']: 'queue',
    [busName]: 'bus',
  }
  // Secrets Manager adds six letters of its own.
  return names[last] ?? last.replace(/-\w{6}$/, '')
}

async function told(name: string): Promise<void> {
  const { stack, details, clients } = system
  await stack.schedules.find((each) => each.name === name)?.fire()
  await until(async () => ((await depthOf(clients.sqs, details.queues.standup ?? '')) === 0 ? true : undefined), {
    ...{ what: `${name} to be done`, deadlineMs: 30_000, everyMs: 50 },
  })
}

test('before the first sweep, when nobody knows which lists there are', () => told('early'), 60_000)

test('of what people did: in a list, in a space, in all of them, and of single tasks', async () => {
  await driver.backfill()
  await driver.sweep()
  const { world } = clickup
  const { id } = aTask()
  world.trackTime(aPerson(), { taskId: id, start: Date.now() - 600_000, end: Date.now() })
  world.setStatus(aPerson(), id, otherStatus().status)
  await clickup.idle()
  await driver.drained()
  for (const name of ['everything', 'of-a-list', 'of-a-space', 'digest']) await told(name)
  const comments = [...world.store.comments.values()].filter(({ userId }) => String(userId) === ourUser())
  expect(comments.map(({ text }) => /Hookline · ([\w-]+) ·/.exec(text)?.[1]).sort()).toEqual(['note', 'of-a-list'])
}, 120_000)

test('where state is none of ours', async () => {
  const Item = { pk: 'main#upstream', 'window:minute': 'full' }
  await system.clients.dynamo.send(new PutCommand({ TableName: system.details.tables.state, Item }))
  await told('last')
}, 60_000)

test('all of it takes the rights that the function has, and no right is left over', () => {
  const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
  const own = [...used].filter((call) => !polling.some((action) => call.startsWith(action)))
  const { ledger, tasks, state, queue, ledgerIndexes, tasksIndexes } = STANDUP
  const of = (actions: readonly string[], ...resources: string[]) =>
    resources.flatMap((resource) => actions.map((action) => `${action} ${resource}`))
  expect(own.sort()).toEqual(
    [
      ...['secretsmanager:GetSecretValue token', 'events:PutEvents bus'],
      ...[...of(ledger, 'ledger'), ...of(ledgerIndexes, 'byDay')],
      ...[...of(tasks, 'tasks'), ...of(tasksIndexes, 'byList', 'bySpace', 'byTimeDay')],
      ...[...of(state, 'state'), ...of(queue, 'queue')],
    ].sort(),
  )
})
