import { expect, test } from 'vitest'
import * as z from 'zod'
import { fateOf } from '../../local/clickup/truth.ts'
import { hook, manualClock, NOON, startReceiver, startSmall } from './support.ts'

const named = z.looseObject({ id: z.string() })
const answerSchema = z.object({
  spaces: z.array(named).optional(),
  tasks: z.array(named).optional(),
  data: z.array(named).optional(),
})

/** A space of Ann's beside the open one, with a task in it, another in both, and time on the first. */
async function twoSpaces() {
  const small = await startSmall({ clock: manualClock(), plan: 'Enterprise' })
  const { fake, world, list, actor, ann, call } = small
  const secret = world.createSpace(actor, { name: 'Board' })
  const folder = world.createFolder(actor, { spaceId: secret.id, name: 'Plans' })
  const hidden = world.createList(actor, { name: 'Numbers', parent: { kind: 'folder', id: folder.id } })
  const task = world.createTask(actor, { listId: hidden.id, name: 'Hidden' })
  const shared = world.createTask(actor, { listId: hidden.id, name: 'Shared' })
  world.addToList(actor, shared.id, list.id)
  const open = world.createTask(actor, { listId: list.id, name: 'Open' })
  const entry = world.trackTime(actor, { taskId: task.id, start: NOON - 1_000, end: NOON })
  const team = `/v2/team/${fake.workspaceId}`
  const inside = [
    ...[`/v2/space/${secret.id}`, `/v2/space/${secret.id}/folder`, `/v2/space/${secret.id}/list`],
    ...[`/v2/folder/${folder.id}`, `/v2/folder/${folder.id}/list`, `/v2/list/${hidden.id}`],
    ...[`/v2/list/${hidden.id}/task`, `/v2/list/${hidden.id}/field`, `/v2/task/${task.id}`],
    ...[`/v2/task/${task.id}/time`, `/v2/task/${task.id}/comment`, `/v2/task/${task.id}/time_in_status`],
  ]
  const statuses = async () => new Set(await Promise.all(inside.map(async (path) => (await call('GET', path)).status)))
  const ids = async (path: string) => {
    const { spaces, tasks, data } = answerSchema.parse((await call('GET', path)).body)
    return (spaces ?? tasks ?? data ?? []).map(({ id }) => id).sort()
  }
  const listings = async () => ({
    spaces: await ids(`${team}/space?archived=false`),
    tasks: await ids(`${team}/task`),
    inList: await ids(`/v2/list/${list.id}/task?include_timl=true`),
    time: await ids(`${team}/time_entries?assignee=${ann.id}`),
    bulk: z
      .record(z.string(), z.unknown())
      .parse((await call('GET', `/v2/task/bulk_time_in_status/task_ids?task_ids=${task.id}&task_ids=${open.id}`)).body),
  })
  return { ...small, secret, folder, hidden, task, shared, open, entry, statuses, listings }
}

test('a space that the token loses is out of sight in every answer, and comes back as it was', async () => {
  const { world, space, secret, actor, ann, task, shared, open, entry, statuses, listings, call } = await twoSpaces()
  const before = await listings()
  expect(before).toMatchObject({
    spaces: [space.id, secret.id].sort(),
    tasks: [task.id, shared.id, open.id].sort(),
    inList: [shared.id, open.id].sort(),
    time: [entry.id],
  })
  expect(await statuses()).toEqual(new Set([200]))
  world.makePrivate(actor, secret.id, [ann.id])
  expect(await statuses()).toEqual(new Set([401]))
  expect((await call('GET', `/v2/task/${task.id}`)).body).toMatchObject({ ECODE: 'OAUTH_027' })
  expect(await listings()).toMatchObject({ spaces: [space.id], tasks: [open.id], inList: [open.id], time: [] })
  expect(Object.keys((await listings()).bulk)).toEqual([open.id])
  world.makePublic(actor, secret.id)
  expect(await statuses()).toEqual(new Set([200]))
  expect(await listings()).toEqual(before)
})

test('what happens out of sight is told to nobody, and no deletion is among it', async () => {
  const { fake, world, secret, actor, ann, task, open } = await twoSpaces()
  const receiver = await startReceiver()
  await hook(fake, receiver.url)
  const first = fake.log.changes().length
  world.makePrivate(actor, secret.id, [ann.id])
  world.rename(actor, task.id, 'Unheard')
  world.rename(actor, open.id, 'Heard')
  await fake.idle()
  expect(receiver.received.map(({ body }) => [body.event, body['task_id']])).toEqual([['taskUpdated', open.id]])
  expect(fake.log.changes().slice(first).map(fateOf)).toEqual(['unheard', 'unheard', 'delivered'])
})

test('what is deleted answers as what never was, tasks in it as tasks that are gone', async () => {
  const { world, secret, folder, hidden, actor, task, shared, open, listings, call } = await twoSpaces()
  const status = async (path: string) => (await call('GET', path)).status
  world.deleteList(actor, hidden.id)
  expect(await status(`/v2/list/${hidden.id}`)).toBe(401)
  expect(await call('GET', `/v2/task/${task.id}`)).toMatchObject({ status: 404, body: { ECODE: 'ITEM_013' } })
  expect(await status(`/v2/task/${shared.id}`)).toBe(404)
  expect(await listings()).toMatchObject({ tasks: [open.id], inList: [open.id] })
  world.deleteFolder(actor, folder.id)
  expect(await status(`/v2/folder/${folder.id}`)).toBe(401)
  world.deleteSpace(actor, secret.id)
  expect(await status(`/v2/space/${secret.id}`)).toBe(401)
})
