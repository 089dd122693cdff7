import { expect, test } from 'vitest'
import * as z from 'zod'
import { EMPTY_WORKSPACE } from '../../local/clickup/api/routes/empty-workspace.ts'
import { hook, startReceiver, startSmall } from './support.ts'

const memberSchema = z.object({ user: z.looseObject({ username: z.string(), role: z.number() }) })
const teamsSchema = z.object({ teams: z.array(z.looseObject({ id: z.string(), members: z.array(memberSchema) })) })

async function team(options: Parameters<typeof startSmall>[0] = {}) {
  const small = await startSmall(options)
  const teams = async () => teamsSchema.parse((await small.call('GET', '/v2/team')).body).teams
  const names = async () => (await teams())[0]?.members.map(({ user }) => `${user.username} ${user.role}`)
  return { ...small, teams, names }
}

test('members come, go and get other names and roles while it runs', async () => {
  const { world, list, actor, ben, names, call } = await team()
  expect(await names()).toEqual(['Hookline 2', 'Ann Meyer 1', 'Ben Cole 3'])
  const task = world.createTask(actor, { listId: list.id, name: 'One', assigneeIds: [ben.id] })
  world.addUser({ username: 'Cleo Park', email: 'cleo@team.example', role: 4 })
  world.changeUser(actor, ben.id, { username: 'Benjamin Cole', role: 2 })
  expect(await names()).toEqual(['Hookline 2', 'Ann Meyer 1', 'Benjamin Cole 2', 'Cleo Park 4'])
  world.removeUser(actor, ben.id)
  expect(await names()).toEqual(['Hookline 2', 'Ann Meyer 1', 'Cleo Park 4'])
  expect((await call('GET', `/v2/task/${task.id}`)).body).toMatchObject({ assignees: [{ username: 'Benjamin Cole' }] })
})

test("who has left has a dead token, and that user's webhooks fall silent", async () => {
  const { fake, world, list, actor, ann, service, call } = await team()
  const receiver = await startReceiver()
  await hook(fake, receiver.url)
  world.removeUser(actor, service.id)
  world.createTask(actor, { listId: list.id, name: 'One' })
  await fake.idle()
  expect(receiver.received).toHaveLength(0)
  expect(await call('GET', '/v2/user')).toMatchObject({ status: 401, body: { ECODE: 'OAUTH_025' } })
  expect((await call('GET', '/v2/user', undefined, fake.issueToken(ann.id))).status).toBe(200)
})

test('whether a disabled user is still listed is a switch', async () => {
  const { fake, world, actor, ben, names } = await team()
  world.disableUser(actor, ben.id)
  expect(await names()).toContain('Ben Cole 3')
  fake.faults.disabledMembers = 'absent'
  expect(await names()).toEqual(['Hookline 2', 'Ann Meyer 1'])
})

test('a token may see no workspace, and then sees nothing in it', async () => {
  const { fake, space, list, world, actor, teams, call } = await team({ faults: { workspaces: 'none' } })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  expect(await teams()).toEqual([])
  for (const path of [`team/${fake.workspaceId}/space`, `space/${space.id}`, `list/${list.id}`, `task/${task.id}`]) {
    expect(await call('GET', `/v2/${path}`)).toMatchObject({ status: 401, body: { ECODE: 'OAUTH_027' } })
  }
  expect((await call('GET', '/v2/user')).status).toBe(200)
})

test('a second workspace can be seen, is empty, and takes no webhook', async () => {
  const { fake, teams, call } = await team({ faults: { workspaces: 'two' } })
  expect((await teams()).map(({ id }) => id)).toEqual([fake.workspaceId, EMPTY_WORKSPACE.id])
  const at = (path: string) => `/v2/team/${EMPTY_WORKSPACE.id}/${path}`
  expect((await call('GET', at('space'))).body).toEqual({ spaces: [] })
  expect((await call('GET', at('task?page=0'))).body).toEqual({ tasks: [] })
  expect((await call('POST', at('webhook'), { endpoint: 'https://x.invalid', events: '*' })).status).toBe(401)
  fake.faults.workspaces = 'one'
  expect((await call('GET', at('space'))).status).toBe(401)
})

test('the plan may be one that nobody knows, or not told', async () => {
  const { fake, call } = await team({ faults: { toldPlan: 'unknown' } })
  const plan = () => call('GET', `/v2/team/${fake.workspaceId}/plan`)
  expect(await plan()).toMatchObject({ status: 200, body: { plan_name: 'Starlight' } })
  fake.faults.toldPlan = 'refused'
  expect((await plan()).status).toBe(401)
})
