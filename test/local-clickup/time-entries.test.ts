import { expect, test } from 'vitest'
import * as z from 'zod'
import { hook, manualClock, NOON, startReceiver, startSmall } from './support.ts'

const HOUR = 3_600_000
const entrySchema = z.looseObject({ id: z.string() })
const listSchema = z.object({ data: z.array(entrySchema) })
const oneSchema = z.object({ data: entrySchema.nullable() })

/** Two tasks, an hour of Ann's on the first, and how to list time. */
async function worked(options: Parameters<typeof startSmall>[0] = {}) {
  const clock = manualClock()
  const small = await startSmall({ clock, plan: 'Enterprise', ...options })
  const { fake, world, list, other, actor, ann, call } = small
  const one = world.createTask(actor, { listId: list.id, name: 'One' })
  const two = world.createTask(actor, { listId: other.id, name: 'Two' })
  const entry = world.trackTime(actor, { taskId: one.id, start: NOON - 2 * HOUR, end: NOON - HOUR })
  const path = `/v2/team/${fake.workspaceId}/time_entries`
  const ids = async (query: string, token?: string) => {
    const { body } = await call('GET', `${path}?${query}`, undefined, token ?? fake.tokens.service)
    return listSchema.parse(body).data.map(({ id }) => id)
  }
  return { ...small, clock, one, two, entry, path, ids, whose: `assignee=${ann.id}` }
}

test('numbers and ids of places are strings or numbers', async () => {
  const { fake, list, entry, call, path } = await worked()
  const read = async () => oneSchema.parse((await call('GET', `${path}/${entry.id}`)).body).data
  expect(await read()).toMatchObject({
    ...{ start: String(NOON - 2 * HOUR), end: String(NOON - HOUR), duration: String(HOUR), at: String(NOON) },
    task_location: { list_id: list.id },
  })
  fake.faults.timeEntryNumbers = 'numbers'
  expect(await read()).toMatchObject({
    ...{ start: NOON - 2 * HOUR, end: NOON - HOUR, duration: HOUR, at: NOON },
    task_location: { list_id: Number(list.id) },
  })
})

test('a running timer has a negative duration and no end, in every answer', async () => {
  const { world, clock, actor, ann, two, call, path, ids, whose } = await worked()
  const running = world.startTimer(actor, { taskId: two.id })
  clock.advance(5_000)
  const shown = z.object({ data: z.array(z.record(z.string(), z.unknown())) })
  const { data } = shown.parse((await call('GET', `${path}?${whose}&task_id=${two.id}`)).body)
  expect(data).toMatchObject([{ id: running.id, duration: '-5000' }])
  expect(data[0]).not.toHaveProperty('end')
  expect((await call('GET', `/v2/task/${two.id}/time`)).body).toMatchObject({
    data: [{ user: { id: ann.id }, time: 0, intervals: [{ id: running.id, end: null }] }],
  })
  world.stopTimer(actor)
  expect(await ids(`${whose}&task_id=${two.id}`)).toEqual([running.id])
  expect(world.task(two.id)?.timeSpent).toBe(5_000)
})

test('what start_date and end_date mean is a switch', async () => {
  const { fake, entry, ids, whose } = await worked()
  const middle = NOON - 1.5 * HOUR
  expect(await ids(`${whose}&start_date=${entry.start}&end_date=${entry.start}`)).toEqual([entry.id])
  expect(await ids(`${whose}&start_date=${middle}`)).toEqual([])
  fake.faults.timeEntryWindow = 'overlap'
  expect(await ids(`${whose}&start_date=${middle}`)).toEqual([entry.id])
  expect(await ids(`${whose}&end_date=${entry.start - 1}`)).toEqual([])
})

test('several people in one parameter are answered or refused', async () => {
  const { fake, ann, ben, service, entry, call, path, ids } = await worked()
  const joined = `assignee=${ann.id},${ben.id},${service.id}`
  expect(await ids(joined)).toEqual([entry.id])
  fake.faults.commaJoinedAssignees = 'refused'
  expect(await call('GET', `${path}?${joined}`)).toMatchObject({ status: 403, body: { ECODE: 'TIMEENTRY_059' } })
  expect(await ids(`assignee=${ann.id}`)).toEqual([entry.id])
})

test('members see their own time alone', async () => {
  const { fake, ann, ben, entry, call, path, ids } = await worked()
  const token = fake.issueToken(ben.id)
  expect(await ids('', token)).toEqual([])
  const refused = await call('GET', `${path}?assignee=${ann.id}`, undefined, token)
  expect(refused).toMatchObject({ status: 403, body: { ECODE: 'TIMEENTRY_059' } })
  expect((await call('GET', `${path}/${entry.id}`, undefined, token)).status).toBe(403)
})

test('what a missing entry answers is a switch', async () => {
  const { fake, call, path } = await worked()
  const read = () => call('GET', `${path}/1234567890`)
  expect(await read()).toMatchObject({ status: 403, body: { ECODE: 'TIMEENTRY_059' } })
  fake.faults.missingTimeEntry = 'ITEM_013'
  expect(await read()).toMatchObject({ status: 404 })
  fake.faults.missingTimeEntry = 'nothing'
  expect(await read()).toMatchObject({ status: 200, body: { data: null } })
})

test('an entry goes to another task, both sums follow, and both tasks are told of', async () => {
  const { fake, world, one, two, entry, call, path } = await worked()
  const receiver = await startReceiver()
  await hook(fake, receiver.url, { events: ['taskTimeTrackedUpdated'] })
  expect((await call('PUT', `${path}/${entry.id}`, { tid: two.id })).status).toBe(200)
  await fake.idle()
  expect([world.task(one.id)?.timeSpent, world.task(two.id)?.timeSpent]).toEqual([null, HOUR])
  const told = receiver.received.map(({ body }) => [body['task_id'], body['data']])
  expect(told).toEqual([
    [one.id, { description: 'Time Tracking Deleted', interval_id: entry.id }],
    [two.id, { description: 'Time Tracking Created', interval_id: entry.id }],
  ])
  fake.faults.movedTimeTells = 'edited'
  await call('PUT', `${path}/${entry.id}`, { tid: one.id })
  await fake.idle()
  expect(receiver.received.slice(2).map(({ body }) => [body['task_id'], body['data']])).toEqual([
    [one.id, { description: 'Time Tracking Edited', interval_id: entry.id }],
  ])
  expect((await call('PUT', `${path}/${entry.id}`, { tid: 'none' })).status).toBe(404)
})

test('the id beside the history may be another than the entry has', async () => {
  const { fake, world, actor, one } = await worked({ faults: { intervalIdDiffers: true } })
  const receiver = await startReceiver()
  await hook(fake, receiver.url, { events: ['taskTimeTrackedUpdated'] })
  const { id } = world.trackTime(actor, { taskId: one.id, start: NOON - HOUR, end: NOON })
  await fake.idle()
  const [{ body } = { body: undefined }] = receiver.received
  expect(body?.history_items).toMatchObject([{ after: { id } }])
  expect(body?.['data']).toEqual({
    description: 'Time Tracking Created',
    interval_id: String(BigInt(id) - 9n),
  })
})

test('time on what is out of sight is left out, time on what was deleted by a switch', async () => {
  const { fake, world, space, actor, ann, one, two, entry, call, path, ids, whose } = await worked()
  const other = world.trackTime(actor, { taskId: two.id, start: NOON - HOUR, end: NOON })
  world.makePrivate(actor, space.id, [ann.id])
  expect(await ids(whose)).toEqual([])
  expect((await call('GET', `${path}/${entry.id}`)).status).toBe(403)
  world.deleteTask(actor, one.id)
  expect(await ids(whose)).toEqual([])
  world.makePublic(actor, space.id)
  expect(await ids(whose)).toEqual([other.id, entry.id])
  fake.faults.timeOfDeletedTasks = 'hidden'
  expect(await ids(whose)).toEqual([other.id])
})
