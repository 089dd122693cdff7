import { expect, test } from 'vitest'
import * as z from 'zod'
import { caller, startFake, startSmall } from './support.ts'

const TASK_KEYS = [
  'id,custom_id,custom_item_id,name,text_content,description,status,orderindex,date_created,date_updated,date_closed',
  'date_done,archived,creator,assignees,group_assignees,watchers,tags,parent,top_level_parent,priority,due_date',
  'start_date,points,time_estimate,custom_fields,dependencies,linked_tasks,locations,team_id,url,sharing',
  'permission_level,list,project,folder,space',
].flatMap((line) => line.split(','))

const tasksSchema = z.looseObject({ tasks: z.array(z.looseObject({ id: z.string() })) })

test('the hierarchy is found from the top down, folderless lists included', async () => {
  const fake = await startFake({ demo: true })
  const call = caller(fake)
  const list = z.looseObject({ id: z.string(), folder: z.looseObject({ hidden: z.boolean() }) })
  const { teams } = z
    .object({ teams: z.array(z.looseObject({ id: z.string() })) })
    .parse((await call('GET', '/v2/team')).body)
  const [team] = teams
  expect(team).toMatchObject({ id: fake.workspaceId, members: expect.arrayContaining([{ user: expect.anything() }]) })

  const named = z.looseObject({ id: z.string(), name: z.string() })
  const spaces = z
    .object({ spaces: z.array(named) })
    .parse((await call('GET', `/v2/team/${team?.id}/space`)).body).spaces
  expect(spaces.map(({ name }) => name)).toEqual(['Engineering', 'Marketing', 'Customer Success'])
  const engineering = spaces[0]?.id
  const folders = z
    .object({ folders: z.array(named) })
    .parse((await call('GET', `/v2/space/${engineering}/folder`)).body).folders
  expect(folders.map(({ name }) => name)).toEqual(['Platform', 'Mobile app', 'Sprints'])
  expect(folders[0]).toMatchObject({
    hidden: false,
    task_count: expect.stringMatching(/^\d+$/),
    space: { id: engineering },
  })

  const inSprints = z
    .object({ lists: z.array(list) })
    .parse((await call('GET', `/v2/folder/${folders[2]?.id}/list`)).body).lists
  expect(inSprints[1]).toMatchObject({
    name: 'Sprint 42',
    start_date: expect.any(String),
    due_date: expect.any(String),
  })
  const alone = z
    .object({ lists: z.array(list) })
    .parse((await call('GET', `/v2/space/${engineering}/list`)).body).lists
  expect(alone).toMatchObject([{ name: 'Bugs', folder: { name: 'hidden', hidden: true }, override_statuses: true }])
  const bugs = (await call('GET', `/v2/list/${alone[0]?.id}`)).body
  expect(bugs).toMatchObject({ statuses: expect.arrayContaining([expect.objectContaining({ status: 'triaged' })]) })
})

test('a task on its own has everything as the API writes it; in a list, attachments and checklists are absent', async () => {
  const { world, list, actor, ben, call } = await startSmall()
  const task = world.createTask(actor, { listId: list.id, name: 'One', priority: 1, assigneeIds: [ben.id], dueDate: 5 })
  const single = z.looseObject({}).parse((await call('GET', `/v2/task/${task.id}`)).body)
  expect(Object.keys(single).sort()).toEqual([...TASK_KEYS, 'time_spent', 'checklists', 'attachments'].sort())
  expect(single).toMatchObject({
    status: { status: 'to do', type: 'open', orderindex: 0 },
    priority: { id: '1', priority: 'urgent', orderindex: '1' },
    due_date: '5',
    date_created: String(task.createdAt),
    assignees: [{ id: ben.id, email: 'ben@team.example' }],
  })
  const listed = z.object({ tasks: z.array(z.looseObject({})), last_page: z.literal(true) })
  const [inList] = listed.parse((await call('GET', `/v2/list/${list.id}/task`)).body).tasks
  expect(Object.keys(inList ?? {}).sort()).toEqual([...TASK_KEYS].sort())
})

test('writes by the API change the task and are answered with it', async () => {
  const { fake, list, other, ben, call } = await startSmall()
  const created = await call('POST', `/v2/list/${list.id}/task`, { name: 'New', status: 'In Progress', tags: ['A'] })
  const { id } = z.looseObject({ id: z.string() }).parse(created.body)
  const changes = { name: 'Newer', status: 'complete', priority: 3, assignees: { add: [ben.id], rem: [] } }
  expect((await call('PUT', `/v2/task/${id}`, changes)).body).toMatchObject({
    ...{ name: 'Newer', status: { status: 'complete', type: 'closed' }, priority: { priority: 'normal' } },
    ...{ assignees: [{ id: ben.id }], date_closed: expect.any(String), tags: [{ name: 'a' }] },
  })
  await call('PUT', `/v3/workspaces/${fake.workspaceId}/tasks/${id}/home_list/${other.id}`)
  expect((await call('GET', `/v2/task/${id}`)).body).toMatchObject({ list: { id: other.id } })
  expect((await call('DELETE', `/v2/task/${id}`)).status).toBe(204)
  expect(await call('GET', `/v2/task/${id}`)).toMatchObject({ status: 404, body: { ECODE: 'ITEM_013' } })
})

test('a dropdown is written by option id and read as its place; a field without a value has no value key', async () => {
  const { fake, world, list, actor, call } = await startSmall()
  const place = { kind: 'list', id: list.id } as const
  const choice = world.createField(actor, { name: 'Choice', type: 'drop_down', options: ['a', 'b', 'c'], place })
  const elsewhere = world.createField(actor, { name: 'No', type: 'text', place: { kind: 'list', id: 'x' } })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const fieldOf = async () =>
    z.looseObject({ custom_fields: z.array(z.looseObject({})) }).parse((await call('GET', `/v2/task/${task.id}`)).body)
      .custom_fields[0]
  expect(await fieldOf()).not.toHaveProperty('value')
  const path = `/v2/task/${task.id}/field`
  expect((await call('POST', `${path}/${choice.id}`, { value: choice.options[2]?.id })).status).toBe(200)
  expect(await fieldOf()).toMatchObject({ value: 2, type_config: { options: expect.any(Array) } })
  expect((await call('POST', `${path}/${choice.id}`, { value: 'd' })).body).toMatchObject({ ECODE: 'FIELD_011' })
  expect((await call('POST', `${path}/${elsewhere.id}`, { value: 'd' })).body).toMatchObject({ ECODE: 'FIELD_115' })
  expect((await call('GET', `/v2/list/${list.id}/field`)).body).toMatchObject({ fields: [{ id: choice.id }] })
  await call('DELETE', `${path}/${choice.id}`)
  expect(await fieldOf()).not.toHaveProperty('value')
  expect(fake.log.changes().filter(({ field }) => field === 'custom_field')).toHaveLength(2)
})

test('a date that is none is a 500, as ClickUp answers it', async () => {
  const { world, list, actor, call } = await startSmall()
  const field = world.createField(actor, { name: 'Day', type: 'date', place: { kind: 'list', id: list.id } })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const answer = await call('POST', `/v2/task/${task.id}/field/${field.id}`, { value: 'tomorrow' })
  expect(answer).toMatchObject({ status: 500, body: { ECODE: 'FIELD_017' } })
})

test('comments come 25 at a time, the newest first', async () => {
  const { world, list, actor, call } = await startSmall()
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  for (let count = 0; count < 30; count++) world.comment(actor, task.id, `remark ${count}`)
  const page = z.object({
    comments: z.array(z.looseObject({ id: z.string(), date: z.string(), comment_text: z.string() })),
  })
  const path = `/v2/task/${task.id}/comment`
  const first = page.parse((await call('GET', path)).body).comments
  expect(first).toHaveLength(25)
  expect(first[0]?.comment_text).toBe('remark 29')
  const oldest = first.at(-1)
  const second = page.parse((await call('GET', `${path}?start=${oldest?.date}&start_id=${oldest?.id}`)).body).comments
  expect(second.map(({ comment_text }) => comment_text)).toEqual([4, 3, 2, 1, 0].map((count) => `remark ${count}`))
  const posted = await call('POST', path, { comment_text: 'by API', notify_all: false })
  expect(posted.body).toEqual({ id: expect.any(String), hist_id: expect.any(String), date: expect.any(Number) })
})

test('time entries: own ones by default, others for admins, strings throughout, and the legacy view of the same', async () => {
  const { fake, world, list, actor, ann, service, call } = await startSmall()
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const start = world.now() - 3_600_000
  world.trackTime(actor, { taskId: task.id, start, end: start + 900_000 })
  const base = `/v2/team/${fake.workspaceId}/time_entries`
  await call('POST', base, { start, duration: 60_000, tid: task.id })
  const entries = z.object({ data: z.array(z.looseObject({ id: z.string() })) })
  const own = entries.parse((await call('GET', base)).body).data
  expect(own).toMatchObject([
    { user: { id: service.id }, start: String(start), duration: '60000', wid: fake.workspaceId },
  ])
  const everybody = `${base}?assignee=${ann.id},${service.id}&task_id=${task.id}`
  expect(entries.parse((await call('GET', everybody)).body).data).toHaveLength(2)
  const bens = fake.issueToken(world.users()[2]?.id ?? 0)
  expect((await call('GET', everybody, undefined, bens)).body).toMatchObject({ ECODE: 'TIMEENTRY_059' })
  const legacy = (await call('GET', `/v2/task/${task.id}/time`)).body
  expect(legacy).toMatchObject({ data: expect.arrayContaining([expect.objectContaining({ time: 900_000 })]) })
  expect((await call('GET', `/v2/task/${task.id}`)).body).toMatchObject({ time_spent: 960_000 })
})

test('time in status adds up what the task spent where, singly and in bulk', async () => {
  let now = Date.UTC(2026, 0, 5)
  const { world, list, actor, call } = await startSmall({ clock: { now: () => now } })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  for (const status of ['in progress', 'to do', 'in progress']) {
    now += 10 * 60_000
    world.setStatus(actor, task.id, status)
  }
  now += 5 * 60_000
  const minutes = (by_minute: number) => expect.objectContaining({ by_minute })
  const expected = {
    current_status: { status: 'in progress', total_time: minutes(15) },
    status_history: [
      { status: 'to do', type: 'open', orderindex: 0, total_time: minutes(20) },
      { status: 'in progress', total_time: minutes(15) },
    ],
  }
  expect((await call('GET', `/v2/task/${task.id}/time_in_status`)).body).toMatchObject(expected)
  const bulk = await call('GET', `/v2/task/bulk_time_in_status/task_ids?task_ids=${task.id}&task_ids=nothing`)
  expect(bulk.body).toMatchObject({ [task.id]: expected })
  const many = Array.from({ length: 101 }, (_, index) => `task_ids=${index}`).join('&')
  expect((await call('GET', `/v2/task/bulk_time_in_status/task_ids?${many}`)).status).toBe(400)
})

test('goals and key results', async () => {
  const { fake, call } = await startSmall()
  const made = await call('POST', `/v2/team/${fake.workspaceId}/goal`, { name: 'Grow', due_date: 5, owners: [] })
  const { id } = z.object({ goal: z.looseObject({ id: z.string() }) }).parse(made.body).goal
  const target = await call('POST', `/v2/goal/${id}/key_result`, { name: 'Ten', steps_start: 0, steps_end: 10 })
  const key = z.object({ key_result: z.looseObject({ id: z.string() }) }).parse(target.body).key_result.id
  await call('PUT', `/v2/key_result/${key}`, { steps_current: 5, note: 'half' })
  expect((await call('GET', `/v2/goal/${id}`)).body).toMatchObject({
    goal: { name: 'Grow', percent_completed: 50, key_results: [{ id: key, last_action: { note: 'half' } }] },
  })
  expect((await call('GET', `/v2/team/${fake.workspaceId}/goal`)).body).toMatchObject({
    goals: [{ key_result_count: 1 }],
  })
  await call('DELETE', `/v2/goal/${id}`)
  expect((await call('GET', `/v2/goal/${id}`)).status).toBe(401)
})

test('what is not there and what may not be seen are told apart only as ClickUp does', async () => {
  const { fake, world, space, list, actor, ann, call } = await startSmall()
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const answerOf = async (path: string, token?: string | null) => {
    const { status, body } = await call('GET', path, undefined, token)
    return `${status} ${z.looseObject({ ECODE: z.string() }).parse(body).ECODE}`
  }
  for (const path of ['/v2/list/1', '/v2/folder/1', '/v2/space/1', '/v2/team/1/task', '/v2/goal/1']) {
    expect(await answerOf(path)).toBe('401 OAUTH_027')
  }
  expect(await answerOf('/v2/task/none')).toBe('404 ITEM_013')
  expect(await answerOf('/v2/nothing')).toBe('404 APP_001')
  expect(await answerOf('/v2/user', null)).toBe('401 OAUTH_017')
  expect(await answerOf('/v2/user', 'nonsense')).toBe('401 OAUTH_025')
  world.makePrivate(actor, space.id, [ann.id])
  expect(await answerOf(`/v2/task/${task.id}`)).toBe('401 OAUTH_027')
  expect(await answerOf(`/v2/list/${list.id}/task`)).toBe('401 OAUTH_027')
  const team = await call('GET', `/v2/team/${fake.workspaceId}/task`)
  expect(tasksSchema.parse(team.body).tasks).toEqual([])
})

test('hostile input gets an answer and never a crash', async () => {
  const { fake, world, list, actor, call } = await startSmall()
  world.createTask(actor, { listId: list.id, name: 'One' })
  const ids = ['__proto__', 'constructor', '%00', '..%2f..%2fetc', '%ff', "1' or '1'='1", 'a'.repeat(5_000), '0', '-1']
  for (const id of ids) {
    for (const path of [
      `/v2/task/${id}`,
      `/v2/list/${id}`,
      `/v2/space/${id}/folder`,
      `/v2/webhook/${id}`,
      `/v2/${id}`,
    ]) {
      expect((await call('GET', path)).status, path).toBeGreaterThanOrEqual(400)
      expect((await call('DELETE', path)).status, path).toBeLessThan(500)
    }
  }
  const bodies = ['{', '[]', 'null', '{"name":{}}', '{"name":"x","custom_fields":[{"id":"__proto__","value":1}]}']
  for (const body of bodies) {
    const headers = { authorization: fake.tokens.service }
    const answer = await fetch(`${fake.url}/v2/list/${list.id}/task`, { method: 'POST', headers, body })
    expect(answer.status, body).toBe(400)
  }
  const page = await call('GET', `/v2/list/${list.id}/task?page=-5&date_updated_gt=x&order_by=__proto__`)
  expect(tasksSchema.parse(page.body).tasks).toHaveLength(1)
  expect(fake.log.entries().filter(({ kind }) => kind === 'crash')).toEqual([])
})
