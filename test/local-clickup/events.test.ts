import { expect, test } from 'vitest'
import type { FakeClickUp } from '../../local/clickup/server.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { hook, type Received, startReceiver, startSmall } from './support.ts'

/** A small workspace with a webhook for everything; `after` gives what an act makes the receiver get. */
async function listening() {
  const small = await startSmall({ faults: {} })
  const receiver = await startReceiver()
  await hook(small.fake, receiver.url)
  const task = small.world.createTask(small.actor, { listId: small.list.id, name: 'One' })
  await small.fake.idle()
  const created = receiver.received.splice(0)
  const after = async (act: () => unknown): Promise<Received['body'][]> => {
    receiver.received.length = 0
    await act()
    await small.fake.idle()
    return receiver.received.map(({ body }) => body).sort((a, b) => (a.event < b.event ? -1 : 1))
  }
  return { ...small, task, created: created.map(({ body }) => body), after, workspace: small.fake.workspaceId }
}

const eventsOf = (bodies: Received['body'][]) => bodies.map(({ event }) => event)
const onlyItem = (bodies: Received['body'][]) => {
  const items = new Map(bodies.flatMap(({ history_items }) => history_items ?? []).map((item) => [item.id, item]))
  expect(items.size).toBe(1)
  return [...items.values()][0]
}

test('a new task comes as three events, the creation with two items', async () => {
  const { created, task, list, workspace, ann } = await listening()
  expect(eventsOf(created).sort()).toEqual(['taskCreated', 'taskStatusUpdated', 'taskUpdated'])
  const creation = created.find(({ event }) => event === 'taskCreated')
  expect(creation).toMatchObject({ task_id: task.id, team_id: workspace })
  expect(creation?.history_items).toMatchObject([
    {
      ...{ type: 1, field: 'status', parent_id: list.id, data: { status_type: 'open' }, source: null },
      before: { status: null, color: '#000000', type: 'removed', orderindex: -1 },
      after: { status: 'to do', type: 'open', orderindex: 0 },
      user: {
        id: ann.id,
        username: 'Ann Meyer',
        email: 'ann@team.example',
        initials: 'AM',
        role: 1,
        profilePicture: null,
      },
    },
    { field: 'task_creation', before: null, after: null, data: {} },
  ])
  const ids = created.map(({ history_items }) => history_items?.[0]?.id)
  expect(new Set(ids).size).toBe(1)
  expect(creation?.history_items?.every(({ date }) => date === String(task.createdAt))).toBe(true)
})

test('a task made by the API says so, and tells of nothing else that it was made with', async () => {
  const { call, list, service, after } = await listening()
  const body = { name: 'x', tags: ['t'], priority: 1, assignees: [service.id] }
  const bodies = await after(() => call('POST', `/v2/list/${list.id}/task`, body))
  expect(eventsOf(bodies)).toEqual(['taskCreated', 'taskStatusUpdated', 'taskUpdated'])
  expect(bodies[0]?.history_items).toMatchObject([
    { field: 'status', source: null },
    { field: 'task_creation', source: 'api', data: { via: 'api', subcategory_id: list.id }, user: { id: service.id } },
  ])
})

type Small = Awaited<ReturnType<typeof listening>>
const CHANGES: readonly [string, string, string, object, (small: Small) => unknown][] = [
  [
    'status',
    'taskStatusUpdated',
    'status',
    { data: { status_type: 'custom' }, before: { status: 'to do' }, after: { status: 'in progress' } },
    ({ world, actor, task }) => world.setStatus(actor, task.id, 'in progress'),
  ],
  [
    'priority',
    'taskPriorityUpdated',
    'priority',
    { before: null, after: { id: '2', priority: 'high', orderindex: '2' } },
    ({ world, actor, task }) => world.setPriority(actor, task.id, 2),
  ],
  [
    'due date',
    'taskDueDateUpdated',
    'due_date',
    { data: { due_date_time: true, old_due_date_time: false }, before: null, after: '5' },
    ({ world, actor, task }) => world.setDueDate(actor, task.id, 5, true),
  ],
  [
    'tag',
    'taskTagUpdated',
    'tag',
    { before: null, after: [{ name: 'def', tag_fg: expect.any(String) }] },
    ({ world, actor, task }) => world.addTag(actor, task.id, 'DEF'),
  ],
  [
    'estimate',
    'taskTimeEstimateUpdated',
    'time_estimate',
    { before: null, after: '5400000', data: { time_estimate_string: '1 hours 30 minutes' } },
    ({ world, actor, task }) => world.estimate(actor, task.id, 5_400_000),
  ],
  [
    'comment',
    'taskCommentPosted',
    'comment',
    { before: null, comment: { text_content: 'hey\n', type: 1, emails: [] } },
    ({ world, actor, task }) => world.comment(actor, task.id, 'hey'),
  ],
  [
    'name',
    '',
    'name',
    { before: 'One', after: 'Two' },
    ({ world, actor, task }) => world.rename(actor, task.id, 'Two'),
  ],
  [
    'description',
    '',
    'content',
    { before: null, after: expect.stringMatching(/^{"ops":\[{"insert":"text"}/) },
    ({ world, actor, task }) => world.editDescription(actor, task.id, 'text'),
  ],
]

test.each(CHANGES)('%s: its own event and its twin share one item', async (_, event, field, item, act) => {
  const small = await listening()
  const bodies = await small.after(() => act(small))
  expect(eventsOf(bodies)).toEqual(event === '' ? ['taskUpdated'] : [event, 'taskUpdated'])
  expect(onlyItem(bodies)).toMatchObject({ field, source: null, type: 1, parent_id: small.list.id, ...item })
  expect(BigInt(onlyItem(bodies)?.id ?? 0) > 2n ** 53n).toBe(true)
})

test('an assignment has no before, a removal no after', async () => {
  const { after, world, actor, ben, task } = await listening()
  const added = onlyItem(await after(() => world.assign(actor, task.id, ben.id)))
  expect(added).toMatchObject({ field: 'assignee_add', after: { id: ben.id, username: 'Ben Cole' } })
  expect(added).not.toHaveProperty('before')
  const removed = onlyItem(await after(() => world.unassign(actor, task.id, ben.id)))
  expect(removed).toMatchObject({ field: 'assignee_rem', before: { id: ben.id } })
  expect(removed).not.toHaveProperty('after')
})

test('a custom field comes with its definition and the option id', async () => {
  const { after, world, actor, task, list } = await listening()
  const place = { kind: 'list', id: list.id } as const
  const field = world.createField(actor, { name: 'Choice', type: 'drop_down', options: ['a', 'b'], place })
  const optionId = field.options[1]?.id ?? ''
  const bodies = await after(() => world.setField(actor, task.id, field.id, { kind: 'option', optionId }))
  expect(eventsOf(bodies)).toEqual(['taskUpdated'])
  expect(onlyItem(bodies)).toMatchObject({
    ...{ field: 'custom_field', before: null, after: optionId },
    custom_field: {
      id: field.id,
      type: 'drop_down',
      values_set: null,
      type_config: { options: [{ value: 'a' }, { id: optionId }] },
    },
  })
})

test('tracked time names its interval beside the item', async () => {
  const { after, world, actor, task } = await listening()
  const track = () => world.trackTime(actor, { taskId: task.id, start: 1_000, end: 901_000 })
  const bodies = await after(track)
  expect(eventsOf(bodies)).toEqual(['taskTimeTrackedUpdated', 'taskUpdated'])
  expect(onlyItem(bodies)).toMatchObject({
    ...{ field: 'time_spent', before: null, data: { total_time: '900000', rollup_time: '900000' } },
    after: { start: '1000', end: '901000', time: '900000', source: 'clickup' },
  })
  for (const body of bodies) expect(body).toMatchObject({ data: { description: 'Time Tracking Created' } })
  const entry = world.entriesOf(task.id)[0]
  const deleted = await after(() => world.deleteTime(actor, entry?.id ?? ''))
  expect(deleted[0]).toMatchObject({ data: { description: 'Time Tracking Deleted', interval_id: entry?.id } })
})

test('an edited comment has id, date and after of the posted one', async () => {
  const { after, world, actor, task } = await listening()
  const posted = onlyItem(await after(() => world.comment(actor, task.id, 'first')))
  const id = [...world.store.comments.keys()][0] ?? ''
  const bodies = await after(() => world.editComment(actor, id, 'second'))
  expect(eventsOf(bodies)).toEqual(['taskCommentUpdated', 'taskUpdated'])
  const edited = onlyItem(bodies)
  expect(edited).toMatchObject({ id: posted?.id, date: posted?.date, after: id, comment: { text_content: 'second\n' } })
})

test('a move has its own event, the twin and a space hint; a status that the new list lacks changes too', async () => {
  const { after, world, actor, task, list, other, folder, space } = await listening()
  const bodies = await after(() => world.move(actor, task.id, other.id))
  expect(eventsOf(bodies)).toEqual(['spaceUpdated', 'taskMoved', 'taskUpdated'])
  expect(bodies[0]).not.toHaveProperty('history_items')
  const section = (of: { id: string; name: string }) => ({
    ...{ id: of.id, name: of.name },
    category: { id: folder.id, name: 'Folder', hidden: false },
    project: { id: space.id, name: 'Space' },
  })
  expect(onlyItem(bodies)).toMatchObject({
    ...{ field: 'section_moved', parent_id: other.id, data: { mute_notifications: true } },
    ...{ before: section(list), after: section(other) },
  })
  const narrow = world.createList(actor, {
    name: 'Narrow',
    parent: { kind: 'space', id: space.id },
    statuses: [['only', '#fff', 'open']],
  })
  const moved = await after(() => world.move(actor, task.id, narrow.id))
  expect(eventsOf(moved)).toContain('taskStatusUpdated')
})

test('a deleted task comes with an empty history, places with none', async () => {
  const { after, world, actor, task, list, folder, space, workspace } = await listening()
  const [deleted] = await after(() => world.deleteTask(actor, task.id))
  expect(deleted).toEqual({
    ...{ event: 'taskDeleted', history_items: [], task_id: task.id, team_id: workspace },
    webhook_id: expect.any(String),
  })
  const renamed = await after(() => world.renameList(actor, list.id, 'Other'))
  expect(renamed).toMatchObject([{ event: 'listUpdated', list_id: list.id }])
  expect(onlyItem(renamed)).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 6,
    field: 'name',
    before: 'First',
  })
  expect(
    eventsOf(await after(() => world.createList(actor, { name: 'L', parent: { kind: 'folder', id: folder.id } }))),
  ).toEqual(['listCreated', 'spaceUpdated'])
  expect(eventsOf(await after(() => world.createFolder(actor, { spaceId: space.id, name: 'F' })))).toEqual([
    'folderCreated',
    'spaceUpdated',
  ])
  expect(eventsOf(await after(() => world.renameFolder(actor, folder.id, 'G')))).toEqual(['folderUpdated'])
  expect(eventsOf(await after(() => world.deleteFolder(actor, folder.id)))).toEqual([
    'folderDeleted',
    'listDeleted',
    'listDeleted',
    'listDeleted',
    'spaceUpdated',
  ])
  expect(eventsOf(await after(() => world.createSpace(actor, { name: 'S' })))).toEqual([
    'listCreated',
    'spaceCreated',
    'spaceUpdated',
  ])
  expect(eventsOf(await after(() => world.deleteSpace(actor, space.id)))).toEqual(['listDeleted', 'spaceDeleted'])
})

test('goals and key results carry ids and nothing else', async () => {
  const { after, world, actor } = await listening()
  const [created] = await after(() => world.createGoal(actor, { name: 'Grow' }))
  const goal = [...world.store.goals.values()][0]
  expect(created).toEqual({ event: 'goalCreated', goal_id: goal?.id, webhook_id: expect.any(String) })
  const [target] = await after(() => world.createKeyResult(actor, goal?.id ?? '', { name: 'Ten' }))
  expect(target).toMatchObject({ event: 'keyResultCreated', goal_id: goal?.id, key_result_id: expect.any(String) })
  expect(eventsOf(await after(() => world.deleteGoal(actor, goal?.id ?? '')))).toEqual(['goalDeleted'])
})

test('the tasks of a deleted list and a restored task are changes that nobody is told of', async () => {
  const { fake, world, actor, list, task, after } = await listening()
  world.deleteTask(actor, task.id)
  await fake.idle()
  expect(await after(() => world.restoreTask(actor, task.id))).toEqual([])
  await after(() => world.deleteTask(actor, task.id))
  world.restoreTask(actor, task.id)
  await after(() => world.deleteList(actor, list.id))
  const silent = fake.log.changes().filter(({ kind }) => kind === 'silent')
  expect(silent.map(({ field }) => field)).toEqual(['restored', 'restored', 'deleted'])
  const lives = fake.log.changes().filter(({ kind }) => kind === 'deletion')
  expect(lives.map(({ incarnation }) => incarnation)).toEqual([1, 2])
})

test('history ids only rise, and the log has each change once with its events', async () => {
  const { fake, world, ben, task } = await listening()
  for (let count = 0; count < 50; count++) world.rename(inApp(ben.id), task.id, `Name ${count}`)
  const ids = itemIds(fake)
  expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(fake.log.changes()[0]).toMatchObject({
    ...{ kind: 'item', mutation: 'createTask', resource: { kind: 'task', id: task.id }, field: 'status' },
    events: ['taskCreated', 'taskStatusUpdated', 'taskUpdated'],
  })
})

const itemIds = (fake: FakeClickUp) =>
  fake.log.changes().flatMap(({ historyId }) => (historyId === null ? [] : [BigInt(historyId)]))
