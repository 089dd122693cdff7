import { afterEach, beforeEach, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { startUnconnected, type Unconnected } from './connected.ts'

let world: Unconnected
beforeEach(async () => {
  world = await startUnconnected()
})
afterEach(() => world.close())

const SCRIPTED = ['connect', '--token-stdin', '--no-wait']
const connect = (...args: string[]) =>
  world.hookline([...SCRIPTED, ...args], { stdin: `${world.clickup.tokens.service}\n` })

async function expectNothingChanged() {
  expect(await world.token()).toBeNull()
  expect(await world.record()).toBeNull()
  expect(await world.signing()).toEqual({})
  expect(world.webhooks()).toEqual([])
  expect(await world.jobs()).toEqual([])
}

test('stores the token, writes the connection down, makes the webhook and asks for the history', async () => {
  const { status, out, err } = await connect('--json')
  expect({ status, err }).toMatchObject({ status: 0 })
  const [webhook] = world.webhooks()
  if (webhook === undefined) throw new Error('no webhook')
  const { id, secret, endpoint, events } = webhook
  expect([endpoint, events.size]).toEqual([world.url('a'), EVENT_NAMES.length])
  expect(await world.signing()).toEqual({ a: { webhookId: id, secret, state: 'active' } })
  expect(await world.token()).toBe(world.clickup.tokens.service)
  expect(await world.record()).toMatchObject({
    workspaceId: world.clickup.workspaceId,
    workspaceName: 'Northwind Instruments',
    userName: 'Hookline',
    callsPerMinute: 10_000,
    mode: 'webhook',
    connectedAt: expect.any(Number),
  })
  expect(await world.jobs()).toEqual([{ job: 'backfill', connection: 'main', reason: 'asked' }])
  expect(JSON.parse(out)).toMatchObject({
    ...{ target: 'local stack', connection: 'main', mode: 'webhook', token: 'stored', plan: 'Enterprise' },
    ...{ webhook: { id, endpoint }, selection: null, backfill: { phase: 'begun' } },
    connected: 'connected: Northwind Instruments',
  })
  // Nothing that is secret is shown.
  for (const hidden of [secret, world.clickup.tokens.service]) expect(out + err).not.toContain(hidden)
})

test('run again it changes nothing that is right, and mends what is not', async () => {
  await connect()
  const [before, secrets, [webhook]] = [await world.record(), await world.signing(), world.webhooks()]
  if (webhook === undefined) throw new Error('no webhook')
  expect(JSON.parse((await connect('--no-backfill', '--json')).out)).toMatchObject({ token: 'kept', mended: [] })
  expect([await world.record(), await world.signing(), world.webhooks()]).toEqual([before, secrets, [webhook]])
  world.clickup.webhooks.setFailCount(webhook, 100)
  const { out } = await connect('--no-backfill', '--json')
  expect(JSON.parse(out).mended).toEqual([
    'The webhook was suspended after 100 lost events; it was set right and activated',
  ])
  expect(webhook.status).toBe('active')
})

test('asks for token, workspace and places at a terminal, and the token in hidden', async () => {
  world.clickup.faults.workspaces = 'two'
  const spaces = [...world.clickup.world.store.spaces.values()]
  const { status, asked, err } = await world.hookline(['connect', '--no-wait', '--no-backfill'], {
    answers: [world.clickup.tokens.service, 'x', '1', '2', ''],
  })
  expect({ status, err }).toMatchObject({ status: 0 })
  expect(asked[0]).toBe('ClickUp API token (it is not shown): ')
  expect(err).toMatch(/The token is Hookline's/)
  expect(err).toMatch(/Numbers from 1 to 2, please/)
  expect((await world.record())?.selection?.spaces).toEqual([spaces[1]?.id])
})

test('spaces and folders by name, and another choice later keeps when it was connected', async () => {
  const [first, second] = [...world.clickup.world.store.spaces.values()]
  await connect('--space', first?.name.toUpperCase() ?? '')
  const before = await world.record()
  expect(before?.selection).toEqual({ spaces: [first?.id] })
  await connect('--space', second?.id ?? '')
  expect(await world.record()).toEqual({ ...before, selection: { spaces: [second?.id] } })
  await connect()
  expect((await world.record())?.selection).toEqual({ spaces: [second?.id] })
  await connect('--all')
  expect((await world.record())?.selection).toBeUndefined()
})

test.each([
  {
    name: 'a token that ClickUp refuses',
    stdin: 'wrong',
    err: /^hookline: ClickUp does not accept the token \(OAUTH_\d+\): make a new one .*\n$/,
  },
  { name: 'no token at all', stdin: ' \n', err: /^hookline: There is no token on standard input: .*\n$/ },
  { name: 'something that is no token', stdin: 'two words', err: /^hookline: That is no token: .*\n$/ },
  { name: 'a token without a workspace', workspaces: 'none' as const, err: /sees no workspace: invite that user/ },
  { name: 'several workspaces and none named', workspaces: 'two' as const, err: /name one with --workspace/ },
  { name: 'an unknown workspace', args: ['--workspace', 'Acme'], err: /sees no workspace Acme: it sees Northwind/ },
  { name: 'an unknown space', args: ['--space', 'Mars'], err: /The token sees no space Mars: it sees / },
  { name: 'an unknown folder', args: ['--folder', 'Mars'], err: /The token sees no folder Mars: it sees / },
  {
    name: 'a user who may not make webhooks',
    refusal: '401' as const,
    err: /ClickUp refuses to make a webhook: .*--poll-only/,
  },
])(
  '$name is one sentence that says what to do, and nothing is changed',
  async ({ stdin, workspaces, args = [], refusal, err }) => {
    if (workspaces !== undefined) world.clickup.faults.workspaces = workspaces
    if (refusal !== undefined) world.clickup.faults.webhookRefusal = refusal
    const ran = await world.hookline([...SCRIPTED, '--yes', ...args], { stdin: stdin ?? world.clickup.tokens.service })
    expect(ran).toMatchObject({ status: 1, out: '' })
    expect(ran.err.split('\n').filter((line) => line.startsWith('hookline: '))).toHaveLength(1)
    expect(ran.err).toMatch(err)
    await expectNothingChanged()
  },
)

test('nobody to ask and nothing piped in is said', async () => {
  const { status, err } = await world.hookline(['connect'])
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringMatching(/A token is needed: .*--token-stdin/) })
})

test('a webhook of another Hookline is in the way until it is to be replaced; one of another program always', async () => {
  const service = world.clickup.world.users()[0]
  if (service === undefined) throw new Error('no service account')
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  const put = (endpoint: string) =>
    world.clickup.webhooks.create(service.id, { endpoint, events: new Set(EVENT_NAMES), scope })
  put('https://old.example/webhooks/clickup/main/a')
  const refused = await connect()
  expect(refused.status).toBe(1)
  expect(refused.err).toMatch(/one of another Hookline at https:\/\/old\.example\/.*--replace\.\n$/)
  expect(await world.token()).toBeNull()
  expect(await connect('--replace')).toMatchObject({ status: 0 })
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual([world.url('a')])

  await world.hookline(['disconnect', '--yes'])
  put('https://crm.example/hook')
  const other = await connect('--replace')
  expect(other).toMatchObject({
    status: 1,
    err: expect.stringMatching(/one at https:\/\/crm\.example\/hook: use the token/),
  })
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual(['https://crm.example/hook'])
})

test('polling takes no webhook, and a later connect makes one', async () => {
  await connect()
  await connect('--poll-only')
  expect(world.webhooks()).toEqual([])
  expect(await world.record()).toMatchObject({ mode: 'poll' })
  await connect()
  expect(world.webhooks()).toHaveLength(1)
  expect(await world.record()).toMatchObject({ mode: 'webhook' })
})

test('how far back the history is read is handed on', async () => {
  await connect('--days', '30')
  await connect('--all-history')
  expect(await world.jobs()).toMatchObject([{ days: 30 }, { days: null }])
  expect(await connect('--days', '0')).toMatchObject({ status: 2 })
})

test('another workspace needs a disconnect first', async () => {
  await connect()
  const before = await world.record()
  world.clickup.faults.workspaces = 'two'
  const { err } = await connect('--workspace', 'no such')
  const other = [...err.matchAll(/\((\d+)\)/g)]
    .map(([, id]) => id)
    .find((id) => id !== before?.workspaceId && id !== before?.userId)
  const refused = await connect('--workspace', other ?? '')
  expect(refused).toMatchObject({
    status: 1,
    err: expect.stringMatching(/is that of the workspace Northwind Instruments: run npx hookline disconnect first\./),
  })
  expect(await world.record()).toEqual(before)
})

test('ended while it waits, it says what is done, and goes on when it is run again', async () => {
  const stdin = world.clickup.tokens.service
  const ended = await world.hookline(SCRIPTED, { stdin, endsAfterMs: 10_000 })
  expect(ended).toMatchObject({ status: 130, out: '' })
  expect(ended.err).toMatch(
    /Ended: done so far: the webhook was begun, the token is stored, the connection is written down\. Run it again/,
  )
  const [begun] = world.webhooks()
  expect(begun?.events.size).toBe(1)
  expect(await connect()).toMatchObject({ status: 0 })
  expect(world.webhooks().map(({ id, events }) => [id, events.size])).toEqual([[begun?.id, EVENT_NAMES.length]])
})

test('the token of another user: a webhook of its own, and the former one is deleted', async () => {
  await connect()
  const maria = world.clickup.tokens['maria'] ?? ''
  const { status } = await world.hookline([...SCRIPTED, '--no-backfill'], { stdin: maria })
  expect(status).toBe(0)
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual([world.url('b')])
  expect(await world.record()).toMatchObject({ userName: 'Maria Okafor' })
  expect(await world.token()).toBe(maria)
})

test('disconnect and uninstall delete our webhooks, keep the token, and may be run twice', async () => {
  await connect()
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  const theirs = 'https://other.example/webhooks/clickup/main/a'
  world.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  const userId = world.clickup.world.users()[0]?.id ?? 0
  world.clickup.webhooks.create(userId, { endpoint: theirs, events: new Set(EVENT_NAMES), scope })
  expect(await world.hookline(['disconnect'])).toMatchObject({ status: 1, err: expect.stringMatching(/--yes/) })
  expect(await world.hookline(['disconnect'], { answers: ['n'] })).toMatchObject({
    status: 0,
    err: 'Nothing was changed.\n',
  })
  expect(world.webhooks()).toHaveLength(2)
  expect(await world.hookline(['disconnect', '--yes'])).toMatchObject({
    status: 0,
    out: 'main: disconnected, 1 webhook deleted\n',
  })
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual([theirs])
  expect([await world.record(), await world.signing()]).toEqual([null, {}])
  expect(await world.token()).toBe(world.clickup.tokens.service)
  expect(await world.hookline(['disconnect', '--yes'])).toMatchObject({ status: 0, out: 'main: was not connected\n' })
  await connect()
  const { status, out, err } = await world.hookline(['uninstall', '--yes'])
  expect({ status, out }).toEqual({ status: 0, out: 'main: disconnected, 1 webhook deleted\n' })
  expect(err).toMatch(/^Go on with: npx cdk destroy Hookline-dev-Service\n/)
  expect((await world.hookline(['uninstall', '--yes'])).status).toBe(0)
})
