import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { createTaskStore } from '../../core/tasks/store.ts'
import { logTime, NOW, record, run, type Stack, startStack, TABLES } from './stack.ts'

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
const list = (...args: string[]) => run(stack.cwd, ['tasks', 'list', ...args])
const show = (...args: string[]) => run(stack.cwd, ['tasks', 'show', ...args])

const at = (listId: string, spaceId: string, status = 'open') => ({
  list: { id: listId, name: `List ${listId}` },
  space: { id: spaceId, name: null },
  status: { name: status, type: 'open' },
})
const putBroken = (id: string) =>
  stack.dynamo.send(
    new PutCommand({
      TableName: TABLES.tasks,
      Item: { pk: `main#task#${id}`, sk: 'snapshot', id, listKey: 'main#list#l1' },
    }),
  )

test('tasks are found by their list, their space, their status, and all three', async () => {
  await record(stack, 'a', { ...at('l1', 's1'), updatedAt: 3 })
  await record(stack, 'b', { ...at('l1', 's1', 'In Progress'), updatedAt: 1 })
  await record(stack, 'c', { ...at('l2', 's1', 'in progress'), updatedAt: 2 })
  await record(stack, 'd', { ...at('l3', 's2', 'in progress'), updatedAt: 4 })
  await record(stack, 'e', at('l1', 's1'), 'other')
  expect(idsOf((await list('--json')).out)).toEqual(['b', 'c', 'a', 'd'])
  expect(idsOf((await list('--json', '--list', 'l1')).out)).toEqual(['b', 'a'])
  expect(idsOf((await list('--json', '--space', 's1')).out)).toEqual(['b', 'c', 'a'])
  expect(idsOf((await list('--json', '--status', 'IN PROGRESS')).out)).toEqual(['b', 'c', 'd'])
  expect(idsOf((await list('--json', '--space', 's1', '--list', 'l1', '--status', 'open')).out)).toEqual(['a'])
  expect(idsOf((await list('--json', '--space', 's2', '--list', 'l1')).out)).toEqual([])
  expect(idsOf((await list('--json', '--connection', 'other', '--list', 'l1')).out)).toEqual(['e'])
})

test('deleted tasks are only listed when they are asked for', async () => {
  await record(stack, 'a', at('l1', 's1'))
  const store = createTaskStore({ dynamo: stack.dynamo, table: TABLES.tasks })
  await store.record('main', { kind: 'missing', id: 'a', state: 'deleted', observedAt: NOW + 1 }, null)
  expect(await list('--list', 'l1')).toEqual({ status: 0, out: 'No tasks in list l1 (local stack).\n', err: '' })
  const { out } = await list('--list', 'l1', '--all')
  expect(out).toMatch(/^a +deleted /m)
})

test('a limit says that there are more, over an index and over the table', async () => {
  for (let i = 0; i < 7; i += 1) await record(stack, `t${i}`, at('l1', 's1'))
  for (const args of [['--list', 'l1'], []]) {
    const some = await list('--json', '--limit', '5', ...args)
    expect(idsOf(some.out)).toHaveLength(5)
    expect(some.err).toBe('Only 5, not chosen by time: there are more, see --limit.\n')
    const every = await list('--json', '--limit', '7', ...args)
    expect(idsOf(every.out)).toHaveLength(7)
    expect(every.err).toBe('')
  }
  expect(idsOf((await list('--json', '--limit', '3', '--list', 'l1')).out)).toEqual(['t0', 't1', 't2'])
})

test('a list of more tasks than one read carries is listed whole', async () => {
  for (let i = 0; i < 230; i += 1) await record(stack, `t${i}`, { ...at('l1', 's1'), updatedAt: i })
  const { out } = await list('--json', '--list', 'l1', '--limit', '1000')
  expect(idsOf(out)).toEqual(Array.from({ length: 230 }, (_, i) => `t${i}`))
})

test('a broken item is left out and said so, and the rest is listed', async () => {
  await record(stack, 'a', at('l1', 's1'))
  await putBroken('b')
  const err = '1 stored item could not be read and was left out.\n'
  for (const args of [['--list', 'l1'], []]) {
    const listed = await list('--json', ...args)
    expect({ ...listed, out: idsOf(listed.out) }).toEqual({ status: 0, out: ['a'], err })
  }
  expect(await show('b')).toEqual({
    status: 1,
    out: '',
    err: 'hookline: Task b is stored in a form that this version does not know: update this checkout.\n',
  })
})

test('a task is shown whole as JSON, with its time entries', async () => {
  await record(stack, 'a', { ...at('l1', 's1'), name: 'Fix it', timeSpentMs: 3_600_000 })
  await logTime(stack, 'a', 'e1')
  const { status, out, err } = await show('a', '--json')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({
    connection: 'main',
    id: 'a',
    name: 'Fix it',
    state: 'present',
    observedAt: NOW,
    list: { id: 'l1', name: 'List l1' },
    timeEntries: [{ entryId: 'e1', durationMs: 3_600_000, deleted: false }],
  })
  expect(JSON.parse(out)).not.toHaveProperty('pk')
})

test('for people a task is its known fields by name, and its text cannot steer the terminal', async () => {
  await record(stack, 'a', {
    ...at('l1', 's1'),
    name: 'Fix\u001b[2J\nit',
    customFields: [{ id: 'f', name: 'Story points', type: 'number', value: 5 }],
    timeSpentMs: 5_400_000,
  })
  await logTime(stack, 'a', 'e1')
  const { out } = await run(stack.cwd, ['tasks', 'show', 'a'], 80)
  expect(out.split('\n')).toEqual([
    'a  Fix [2J it',
    'status        open (open)',
    'list          List l1 (l1)',
    'space         s1',
    'time spent    1h 30m (1 entry in the worklog)',
    'Story points  5',
    'read          00:26:40 (just now)',
    '',
  ])
})

test('a task that is not known is a failure that says where to look', async () => {
  expect(await show('nope', '--json')).toEqual({
    status: 1,
    out: '',
    err: 'hookline: No task nope in connection main (local stack): see npx hookline tasks list, or npx hookline changes --task nope.\n',
  })
})

test('a list fits its terminal: ids and times whole, long texts cut, then columns left out', async () => {
  const name = `修复登录页面 ${'on a small screen '.repeat(4)}`
  const assignees = [
    { id: '7', name: 'Ada Lovelace' },
    { id: '8', name: 'Grace Hopper' },
  ]
  await record(stack, '86c2k4x7q', {
    ...at('l1', 's1', 'waiting for customer'),
    name,
    assignees,
    updatedAt: NOW - 86_400_000,
  })
  expect((await run(stack.cwd, ['tasks', 'list'], 120)).out.split('\n')).toEqual([
    'ID         STATUS                NAME                           ASSIGNEES                   LIST                 UPDATED',
    '86c2k4x7q  waiting for customer  修复登录页面 on a small scre…  Ada Lovelace, Grace Hopper  List l1  2026-09-09 00:26:40',
    '',
  ])
  expect((await run(stack.cwd, ['tasks', 'list'], 80)).out.split('\n')).toEqual([
    'ID         STATUS        NAME                  ASSIGNEES                 UPDATED',
    '86c2k4x7q  waiting for…  修复登录页面 on a s…  Ada Lovelac…  2026-09-09 00:26:40',
    '',
  ])
})
