import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { databaseSecretName, PATTERN } from '../../examples/sql-upsert/subscription.ts'
import { startPostgres } from './postgres.ts'
import { batchOf, captureOutput, exampleEvent, STAGE, startSubscription } from './support.ts'

const TABLE = readFileSync(join(import.meta.dirname, '..', '..', 'examples', 'sql-upsert', 'tasks.sql'), 'utf8')

let subscription: Awaited<ReturnType<typeof startSubscription>>
let postgres: Awaited<ReturnType<typeof startPostgres>>
let secrets: SecretsManagerClient

beforeAll(async () => {
  ;[subscription, postgres] = await Promise.all([startSubscription(PATTERN), startPostgres()])
  await postgres.database.exec(TABLE)
  await subscription.gateway.createSecret({ name: databaseSecretName(STAGE), value: postgres.url })
  secrets = new SecretsManagerClient({
    endpoint: subscription.gateway.url,
    region: subscription.gateway.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
})
beforeEach(async () => {
  subscription.stubEnvironment()
  await postgres.database.exec('truncate tasks')
})
afterEach(() => {
  vi.unstubAllEnvs()
  // The session of one worker must be over before the next one begins.
  postgres.disconnect()
})
afterAll(async () => {
  secrets.destroy()
  await subscription.close()
  await postgres.close()
})

/** The handler as a fresh worker has it. */
async function worker() {
  vi.resetModules()
  const { handler } = await import('../../examples/sql-upsert/handler.ts')
  return handler
}

const rows = async () =>
  (await postgres.database.query<Record<string, unknown>>('select * from tasks order by id')).rows

const FILES = [
  'task-created',
  'task-moved',
  'task-priority-changed',
  'task-assignee-added',
  'task-due-date-changed',
  'task-custom-field-changed',
  'task-status-changed',
  'task-deleted',
]
const LIFE = FILES.map((name) => exampleEvent(name))

it('a task of the bus becomes a row', async () => {
  const event = exampleEvent('task-status-changed')
  await subscription.publish([exampleEvent('list-created'), event])
  const handler = await worker()
  expect(await handler(await subscription.batch(1))).toEqual({ batchItemFailures: [] })
  const [row, ...others] = await rows()
  expect(others).toEqual([])
  expect(row).toEqual({
    connection: 'main',
    id: '86cx41d2f',
    state: 'present',
    name: 'Checkout shows dollars in the EU',
    status: 'shipped',
    status_type: 'done',
    priority: 'urgent',
    list_id: '901500000101',
    list_name: 'Roadmap',
    space_id: '90150000701',
    parent_id: null,
    assignee_ids: ['40233'],
    tags: ['billing'],
    due_at: new Date(event.task?.dueAt ?? 0),
    created_at: new Date(event.task?.createdAt ?? 0),
    updated_at: new Date(event.task?.updatedAt ?? 0),
    closed_at: null,
    url: 'https://app.clickup.com/t/86cx41d2f',
    task: event.task,
    as_of: new Date(event.task?.asOf ?? 0),
    version: event.task?.version,
  })
})

describe('the row of a task', () => {
  it('is the same after any order and any repetition of its events', async () => {
    const handler = await worker()
    await handler(batchOf(...LIFE))
    const inOrder = await rows()
    expect(inOrder).toMatchObject([{ state: 'deleted', name: 'Checkout shows dollars in the EU' }])
    const shuffled = fc.shuffledSubarray([...LIFE, ...LIFE], { minLength: LIFE.length * 2 })
    await fc.assert(
      fc.asyncProperty(shuffled, async (events) => {
        await postgres.database.exec('truncate tasks')
        expect(await handler(batchOf(...events))).toEqual({ batchItemFailures: [] })
        expect(await rows()).toEqual(inOrder)
      }),
      { numRuns: 20, seed: 7 },
    )
  })

  it('follows the newer snapshot, also where that was read earlier', async () => {
    const [event] = LIFE
    const late = { ...event, task: { ...event?.task, version: 7, asOf: 9_000, name: 'newer' } }
    const early = { ...event, task: { ...event?.task, version: 6, asOf: 10_000, name: 'older' } }
    const handler = await worker()
    for (const order of [batchOf(late, early), batchOf(early, late)]) {
      await postgres.database.exec('truncate tasks')
      expect(await handler(order)).toEqual({ batchItemFailures: [] })
      expect(await rows()).toMatchObject([{ name: 'newer', version: 7 }])
    }
  })

  it('is one for each connection that knows the task', async () => {
    const handler = await worker()
    await handler(batchOf(...LIFE, { ...LIFE[0], connection: 'other' }))
    expect((await rows()).map(({ connection, state }) => [connection, state]).sort()).toEqual([
      ['main', 'deleted'],
      ['other', 'present'],
    ])
  })

  it('takes what a text may hold', async () => {
    const event = exampleEvent('task-status-changed')
    const name = `Robert'); drop table tasks; -- "quoted" \\ 🙂 $1`
    const handler = await worker()
    await handler(batchOf({ ...event, task: { ...event.task, name, tags: ['a,b', '{c}', '"d"', ''] } }))
    expect(await rows()).toMatchObject([{ name, tags: ['a,b', '{c}', '"d"', ''] }])
  })
})

describe('an event', () => {
  it('about something else than a task changes nothing', async () => {
    const handler = await worker()
    expect(await handler(batchOf(exampleEvent('list-created')))).toEqual({ batchItemFailures: [] })
    expect(await rows()).toEqual([])
  })

  it('that had to leave its task out fails, so that somebody looks', async () => {
    const output = captureOutput()
    const handler = await worker()
    const batch = batchOf({ ...LIFE[0], task: null, omitted: ['task'] }, LIFE[1])
    expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message 0' }] })
    expect(output()).toContain('too large to carry its task')
    expect(await rows()).toHaveLength(1)
  })
})

describe('the database', () => {
  it('may end connections: the next event opens another', async () => {
    const handler = await worker()
    await handler(batchOf(LIFE[0]))
    postgres.disconnect()
    const output = captureOutput()
    const first = await handler(batchOf(LIFE[1]))
    if (first.batchItemFailures.length > 0) expect(output()).toContain('comes again')
    expect(await handler(batchOf(LIFE[1]))).toEqual({ batchItemFailures: [] })
    expect(await rows()).toMatchObject([{ list_name: 'Roadmap' }])
  })

  it('may be somewhere else tomorrow: a failure reads the secret again', async () => {
    const put = (value: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: databaseSecretName(STAGE), SecretString: value }))
    const output = captureOutput()
    const password = 'not-to-be-seen'
    await put(`postgres://postgres:${password}@127.0.0.1:1/postgres`)
    const handler = await worker()
    expect((await handler(batchOf(LIFE[0]))).batchItemFailures).toHaveLength(1)
    expect(output()).toContain('ECONNREFUSED')
    expect(output()).not.toContain(password)
    await put(postgres.url)
    expect(await handler(batchOf(LIFE[0]))).toEqual({ batchItemFailures: [] })
    expect(await rows()).toHaveLength(1)
  })
})
