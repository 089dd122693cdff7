import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { Change } from '../../core/ledger/change.ts'
import { dayKeys, keyOf } from '../../core/ledger/keys.ts'
import { DAY_SHARDS, versionPart } from '../../core/platform/tables.ts'
import { aChange, claim, complete, NOW, run, type Stack, startStack, TABLES } from './stack.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let stack: Stack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const shownSchema = z.array(z.looseObject({ id: z.string() }))
const idsOf = (json: string) => shownSchema.parse(JSON.parse(json)).map(({ id }) => id)
const changes = (...args: string[]) => run(stack.cwd, ['changes', ...args])

/** An item as the ledger would hold it, but in a form that nobody knows. */
const putBroken = (change: Change) =>
  stack.dynamo.send(
    new PutCommand({
      TableName: TABLES.ledger,
      Item: {
        ...keyOf(change),
        ...dayKeys(change.id, change.receivedAt + 400),
        status: 'done',
        field: 7,
        schemaVersion: 1,
      },
    }),
  )

test('the history of a task is in the order of its times, then of the ledger, whatever was written first', async () => {
  const deletion = aChange({ field: 'deletion', at: NOW - 3 * HOUR, order: versionPart(0) })
  const [first, second, third, fourth] = [
    aChange({ at: NOW - 90 * DAY }),
    aChange({ at: NOW - 3 * HOUR }),
    aChange({ at: NOW - 3 * HOUR }),
    aChange({ at: NOW - HOUR }),
  ]
  await complete(stack, [fourth, deletion, third, first, second])
  await complete(stack, [aChange({ resource: { kind: 'task', id: '86c1x' } })])
  const { status, out, err } = await changes('--task', '86c1', '--json')
  expect(idsOf(out)).toEqual([first.id, second.id, third.id, deletion.id, fourth.id])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const { out: late } = await changes('--task', '86c1', '--json', '--since', '2h')
  expect(idsOf(late)).toEqual([fourth.id])
})

test('a change is given as it was told, with its publication, and without what is only the ledger’s', async () => {
  const { order: _order, ...told } = aChange({
    customField: { id: 'a', name: 'Points', type: 'number' },
    after: [1, { x: null }],
  })
  await complete(stack, [{ ...told, order: '1789000000000' }])
  const { out } = await changes('--task', '86c1', '--json')
  expect(JSON.parse(out)).toEqual([{ ...told, publishedAt: told.receivedAt + 400 }])
})

test('a claimed change is counted and not shown; a broken item is left out and said so', async () => {
  const done = aChange({ at: NOW - 10 })
  await complete(stack, [done])
  await claim(stack, aChange())
  await putBroken(aChange())
  const ofTask = await changes('--task', '86c1', '--json')
  expect(idsOf(ofTask.out)).toEqual([done.id])
  expect(ofTask.err).toBe('1 stored item could not be read and was left out.\n1 more change is being worked on.\n')
  const recent = await changes('--json')
  expect(idsOf(recent.out)).toEqual([done.id])
  expect(recent.err).toBe('1 stored item could not be read and was left out.\n')
})

test('without a task, every change since yesterday is found, over days and shards', async () => {
  const all = Array.from({ length: 60 }, (_, i) =>
    aChange({
      at: NOW - i * HOUR,
      id: `${(i % DAY_SHARDS).toString(16).padStart(8, '0')}${i.toString(16).padStart(56, '0')}`,
      resource: { kind: i % 3 ? 'task' : 'list', id: `r${i % 7}` },
    }),
  )
  await complete(stack, all)
  const oldestFirst = all.map(({ id }) => id).reverse()
  expect(idsOf((await changes('--json')).out)).toEqual(oldestFirst.slice(-25))
  expect(idsOf((await changes('--json', '--since', '3d')).out)).toEqual(oldestFirst)
})

test('a quiet year is passed over, and what lies before it is found', async () => {
  const all = [0, 1, 2, 20, 21, 400].map((days) => aChange({ at: NOW - days * DAY }))
  await complete(stack, all)
  const oldestFirst = all.map(({ id }) => id).reverse()
  expect(idsOf((await changes('--json', '--since', '401d')).out)).toEqual(oldestFirst)
  expect(idsOf((await changes('--json', '--since', '401d', '--limit', '5')).out)).toEqual(oldestFirst.slice(1))
})

test('a limit keeps the newest that the filter wants, and says that there are more', async () => {
  const all = Array.from({ length: 240 }, (_, i) =>
    aChange({ at: NOW - i * 1_000, field: i % 2 ? 'status' : 'name', resource: { kind: 'task', id: `t${i}` } }),
  )
  await complete(stack, all)
  const names = all.filter(({ field }) => field === 'name').map(({ id }) => id)
  const some = await changes('--json', '--field', 'name', '--limit', '110')
  expect(idsOf(some.out)).toEqual(names.slice(0, 110).reverse())
  expect(some.err).toBe('Only the newest 110: there are more, see --limit.\n')
  const every = await changes('--json', '--field', 'name', '--limit', '120')
  expect(idsOf(every.out)).toEqual(names.toReversed())
  expect(every.err).toBe('')
})

test('connections are told apart', async () => {
  const [main, other] = [aChange(), aChange({ connection: 'other' })]
  await complete(stack, [main, other])
  expect(idsOf((await changes('--json', '--connection', 'other')).out)).toEqual([other.id])
  expect(idsOf((await changes('--json', '--connection', 'other', '--task', '86c1')).out)).toEqual([other.id])
  expect((await changes()).out).toContain('CONNECTION')
  expect((await changes('--connection', 'main')).out).not.toContain('CONNECTION')
})

test('nothing found is said in a line that repeats the question, and is no failure', async () => {
  expect(await changes('--field', 'status', '--since', '2026-09-01')).toEqual({
    status: 0,
    out: 'No changes of status since 2026-09-01 00:00:00 (local stack).\n',
    err: '',
  })
  expect(await changes('--task', 'x')).toEqual({
    status: 0,
    out: 'No changes of task x recorded (local stack).\n',
    err: '',
  })
  expect(await changes('--json')).toEqual({ status: 0, out: '[]\n', err: '' })
  expect(await changes('--task', '\x1b[2Jx')).toMatchObject({
    out: 'No changes of task  [2Jx recorded (local stack).\n',
  })
})

test('on a terminal, changes are a table that fits it', async () => {
  await complete(stack, [
    aChange({ at: NOW - 30 * HOUR }),
    aChange({
      at: NOW - 60_000,
      field: 'name',
      before: 'A name that is long',
      after: 'Another that is longer by far than it',
    }),
    aChange({ at: NOW - 1_000, field: 'assignee_add', before: null, after: { id: '8', name: 'Grace' }, actor: null }),
  ])
  const { out } = await run(stack.cwd, ['changes', '--since', '2d'], 80)
  expect(out.split('\n')).toEqual([
    '               WHEN  WHAT       FIELD         BY   CHANGE',
    '2026-09-08 18:26:40  task 86c1  status        Ada  open → in progress',
    '           00:25:40  task 86c1  name          Ada  A name that… → Another that…',
    '           00:26:39  task 86c1  assignee_add       +Grace',
    '',
  ])
  expect((await run(stack.cwd, ['changes', '--task', '86c1', '--utc'], 80)).out.split('\n')[1]).toBe(
    '2026-09-08T18:26:40Z  status        Ada  open → in progress',
  )
})
