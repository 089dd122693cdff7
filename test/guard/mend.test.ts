import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { MINUTE, makeStage, type Parts, type Stage, startParts } from './support.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

let stage: Stage
beforeEach(async () => {
  for (const webhook of [...parts.clickup.webhooks.all()]) parts.clickup.webhooks.remove(webhook)
  parts.clickup.faults.allowSecondWebhook = 'never'
  parts.clickup.faults.webhookRefusal = 'none'
  parts.clickup.faults.outage = null
  stage = await makeStage(parts)
})

/** The one webhook of the stage; fails the test where there is not exactly one. */
function only() {
  const [webhook, ...others] = stage.ours()
  if (webhook === undefined || others.length > 0) throw new Error(`${stage.ours().length} webhooks instead of one`)
  return webhook
}

/** ClickUp has one webhook of ours that hears of everything, and its secret is stored. */
async function expectSound() {
  const { id: webhookId, secret, status, events, endpoint } = only()
  expect({ status, events: events.size }).toEqual({ status: 'active', events: EVENT_NAMES.length })
  const { a, b } = await stage.signing()
  expect(endpoint === stage.url('a') ? a : b).toEqual({ webhookId, secret, state: 'active' })
}

async function connected() {
  expect(await stage.runToEnd()).toMatchObject({ kind: 'well' })
  await expectSound()
  stage.clock.time += 5 * MINUTE
  stage.lines.length = 0
}

test('the first webhook asks for one rare event until its secret is known, then for all', async () => {
  expect(await stage.run()).toMatchObject({ kind: 'waiting', until: stage.clock.time + 35_000 })
  const { id: webhookId, events, secret } = only()
  expect([...events]).toEqual(['keyResultDeleted'])
  expect(await stage.signing()).toEqual({ a: { webhookId, secret, state: 'pending' } })
  expect(stage.delayed).toEqual([{ job: { job: 'guard', connection: 'main', reason: 'mended' }, seconds: 35 }])
  // Whoever comes before its time leaves it.
  stage.clock.time += 20_000
  expect(await stage.run()).toMatchObject({ kind: 'waiting' })
  expect(only().events.size).toBe(1)
  stage.clock.time += 15_000
  expect(await stage.run()).toMatchObject({ kind: 'well' })
  await expectSound()
  // Nothing was missed before there was one.
  expect(await stage.gaps()).toEqual([])
  expect(await stage.jobs()).toEqual([])
})

test('a run that finds all well changes nothing but its own record', async () => {
  await connected()
  const before = await stage.signing()
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
  expect(await stage.signing()).toEqual(before)
  expect(stage.lines).toEqual([])
  expect(await stage.saved()).toMatchObject({
    lock: null,
    intent: null,
    goodAt: stage.clock.time,
    report: { verdict: 'well', findings: [] },
    slots: { a: { webhookId: only().id, status: 'active', failCount: 0, goodUntil: stage.clock.time } },
  })
})

test('a run writes down how long ClickUp took to answer, and nothing where it did not', async () => {
  await connected()
  const slow = async (url: string, init: RequestInit) => {
    stage.clock.time += 700
    return fetch(url, init)
  }
  await stage.run('schedule', { fetch: slow })
  expect((await stage.saved())?.report).toMatchObject({ verdict: 'well', latencyMs: 700 })
  await stage.run('schedule', { fetch: () => Promise.reject(new TypeError('fetch failed')) })
  const report = (await stage.saved())?.report
  expect(report).toMatchObject({ verdict: 'unknown' })
  expect(report).not.toHaveProperty('latencyMs')
})

test('a webhook deleted by hand is made again in the other slot, and the window is written down and swept', async () => {
  await connected()
  const lastGood = stage.clock.time - 5 * MINUTE
  parts.clickup.webhooks.remove(only())
  expect(await stage.run()).toMatchObject({ kind: 'waiting' })
  expect(only().endpoint).toBe(stage.url('b'))
  expect(await stage.gaps()).toMatchObject([{ cause: 'missing', from: lastGood, to: null, givenUp: null }])
  expect(await stage.runToEnd()).toMatchObject({ kind: 'well' })
  await expectSound()
  expect(stage.lines.map(({ detail }) => detail)).toEqual([
    'The webhook was missing; it is being made in slot b',
    'A webhook was being made; it hears of every event now, in slot b',
  ])
  expect(await stage.gaps()).toMatchObject([{ cause: 'missing', from: lastGood, to: stage.clock.time }])
  expect(await stage.jobs()).toEqual([{ job: 'sweep', connection: 'main', reason: 'mended' }])
  expect((await stage.saved())?.slots.b?.mended).toEqual({ at: stage.clock.time, what: 'missing' })
  // What ClickUp still had on its way was verified until now.
  expect(Object.keys(await stage.signing())).toEqual(['a', 'b'])
  stage.clock.time += 5 * MINUTE
  await stage.run()
  expect(Object.keys(await stage.signing())).toEqual(['b'])
})

test.each([
  {
    name: 'pointed elsewhere',
    cause: 'elsewhere',
    givenUp: 0,
    harm: () => {
      only().endpoint = 'https://elsewhere.example/hook'
    },
    detail: 'The webhook pointed to elsewhere.example; it was set right and activated',
  },
  {
    name: 'suspended',
    cause: 'suspended',
    givenUp: 100,
    harm: () => parts.clickup.webhooks.setFailCount(only(), 100),
    detail: 'The webhook was suspended after 100 lost events; it was set right and activated',
  },
  {
    name: 'failing',
    cause: 'failing',
    givenUp: 40,
    harm: () => parts.clickup.webhooks.setFailCount(only(), 40),
    detail: 'The webhook was failing after 40 lost events; it was set right and activated',
  },
  {
    name: 'that hears of less',
    cause: 'events',
    givenUp: 0,
    harm: () => {
      only().events = new Set(['taskCreated'])
    },
    detail: 'The webhook did not hear of every event; it was set right and activated',
  },
])('a webhook $name is mended within the run', async ({ cause, givenUp, harm, detail }) => {
  await connected()
  const lastGood = stage.clock.time - 5 * MINUTE
  const { id } = only()
  harm()
  // One that points elsewhere is none at our addresses any more.
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [detail] })
  await expectSound()
  expect(only().id).toBe(id)
  expect(stage.lines).toMatchObject([{ cause, webhookId: id, slot: 'a', detail }])
  expect(await stage.saved()).toMatchObject({
    report: { findings: [detail] },
    slots: { a: { status: 'active', mended: { at: stage.clock.time, what: cause } } },
  })
  expect(await stage.gaps()).toMatchObject([{ cause, from: lastGood, to: stage.clock.time, givenUp }])
  expect(await stage.jobs()).toEqual([{ job: 'sweep', connection: 'main', reason: 'mended' }])
})

test('a try that went wrong without a loss is no reason to touch anything', async () => {
  await connected()
  parts.clickup.webhooks.stumbled(only())
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
  expect(await stage.gaps()).toEqual([])
})

test('a webhook that is suspended again at once is reported and not fought, and tried again after an hour', async () => {
  await connected()
  const suspend = () => parts.clickup.webhooks.setFailCount(only(), 100)
  suspend()
  await stage.run()
  suspend()
  stage.clock.time += 5 * MINUTE
  expect(await stage.run()).toMatchObject({
    kind: 'unhealthy',
    problems: [
      'The webhook was suspended after 100 lost events, again within an hour; it is left as it is until somebody has looked',
    ],
  })
  expect(only().status).toBe('suspended')
  expect(await stage.saved()).toMatchObject({ report: { verdict: 'unhealthy' }, slots: { a: { status: 'suspended' } } })
  expect((await stage.gaps()).map(({ to }) => to === null)).toEqual([false, true])
  // While it goes on, what ClickUp gives up is counted on.
  parts.clickup.webhooks.setFailCount(only(), 107)
  stage.clock.time += 5 * MINUTE
  await stage.run()
  expect((await stage.gaps()).map(({ givenUp }) => givenUp)).toEqual([100, 107])
  stage.clock.time += 60 * MINUTE
  expect(await stage.run()).toMatchObject({ kind: 'well' })
  expect(only().status).toBe('active')
})

test('a silent webhook is deleted and made again when a sweep says so, once an hour', async () => {
  await connected()
  const silent = only().id
  expect(await stage.runToEnd('silent')).toMatchObject({ kind: 'well' })
  expect(only().id).not.toBe(silent)
  await expectSound()
  expect(await stage.gaps()).toMatchObject([{ cause: 'silent', to: stage.clock.time }])
  expect(stage.lines[0]).toMatchObject({ cause: 'silent' })
  stage.clock.time += 15 * MINUTE
  expect(await stage.runToEnd('silent')).toMatchObject({
    kind: 'unhealthy',
    problems: [expect.stringMatching(/silent, too/)],
  })
})

test('the secret of a webhook that we lost track of is adopted', async () => {
  await connected()
  const { id, secret } = only()
  await stage.services().signing.put('a', { webhookId: id, secret: 'X'.repeat(64), state: 'active' })
  expect(await stage.run()).toMatchObject({ kind: 'well' })
  expect((await stage.signing()).a).toEqual({ webhookId: id, secret, state: 'active' })
})

test('a webhook at our address that is in no slot is adopted where none lives, and deleted where one does', async () => {
  await connected()
  const { id } = only()
  await stage.services().signing.put('a', null)
  expect(await stage.runToEnd()).toMatchObject({ kind: 'well' })
  expect(only().id).toBe(id)
  await expectSound()
  parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  const userId = Number(stage.userId)
  parts.clickup.webhooks.create(userId, { endpoint: stage.url('b'), events: new Set(['taskCreated']), scope })
  expect(stage.ours()).toHaveLength(2)
  expect(await stage.run()).toMatchObject({
    kind: 'well',
    mended: ['A webhook at our address belonged to nobody; it was deleted'],
  })
  expect(only().id).toBe(id)
})

test('a webhook of the same user elsewhere is never touched, even where it is in the way', async () => {
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  const endpoint = 'https://other.example/webhooks/clickup/main/a'
  parts.clickup.webhooks.create(Number(stage.userId), { endpoint, events: new Set(['taskCreated']), scope })
  expect(await stage.run()).toMatchObject({ kind: 'unhealthy', inTheWay: [{ endpoint }] })
  expect([...parts.clickup.webhooks.all()].map((webhook) => [webhook.endpoint, webhook.events.size])).toEqual([
    [endpoint, 1],
  ])
  expect(await stage.saved()).toMatchObject({ intent: null, report: { verdict: 'unhealthy' } })
})

test('no answer concludes nothing', async () => {
  await connected()
  const before = await stage.saved()
  parts.clickup.faults.outage = { from: null, until: null, answer: 503 }
  expect(await stage.run()).toMatchObject({ kind: 'unreachable', fault: { kind: 'unavailable' } })
  parts.clickup.faults.outage = null
  expect(await stage.saved()).toMatchObject({
    goodAt: before?.goodAt,
    slots: before?.slots,
    report: { verdict: 'unknown' },
  })
  expect(await stage.gaps()).toEqual([])
})

test('a user who may not make webhooks is told, and nothing is left of the try', async () => {
  parts.clickup.faults.webhookRefusal = '401'
  expect(await stage.run()).toMatchObject({
    kind: 'unhealthy',
    refused: expect.stringMatching(/does not let this user/),
  })
  expect(await stage.signing()).toEqual({})
  expect(await stage.saved()).toMatchObject({ intent: null })
})

test('a connection that polls, or was not made, has no webhooks', async () => {
  for (const mode of ['poll', 'unmade'] as const) {
    stage = await makeStage(parts, mode)
    expect(await stage.run()).toEqual({ kind: 'nothing' })
    expect(stage.ours()).toEqual([])
  }
})

test('how much was lost is told although it was mended, for as long as it takes somebody to look', async () => {
  await connected()
  parts.clickup.webhooks.setFailCount(only(), 40)
  const harmedAt = stage.clock.time
  await stage.run()
  expect(only().failCount).toBe(0)
  const lost = async () => (await stage.saved())?.report?.lost
  expect(await lost()).toEqual({ count: 40, at: harmedAt })
  stage.clock.time += 9 * MINUTE
  await stage.run()
  expect(await lost()).toEqual({ count: 40, at: harmedAt })
  stage.clock.time += MINUTE
  await stage.run()
  expect(await lost()).toMatchObject({ count: 0 })
})

test.each([
  ['is asked next, and gives no answer', () => true],
  ['gives no answer to what mends it', (init: RequestInit) => init.method === 'PUT'],
] as const)('how much was lost is told, too, when ClickUp %s', async (_when, isDown) => {
  await connected()
  parts.clickup.webhooks.setFailCount(only(), 100)
  const harmedAt = stage.clock.time
  const broken = async (url: string, init: RequestInit) => {
    const answer = await fetch(url, init)
    // It was done, and nobody hears of it.
    if (isDown(init)) throw new TypeError('fetch failed')
    return answer
  }
  if (isDown({ method: 'GET' })) await stage.run()
  expect(await stage.run('schedule', { fetch: broken })).toMatchObject({ kind: 'unreachable' })
  const lost = async () => (await stage.saved())?.report?.lost
  expect(await lost()).toEqual({ count: 100, at: harmedAt })
  stage.clock.time += 10 * MINUTE
  await stage.run('schedule', { fetch: () => Promise.reject(new TypeError('fetch failed')) })
  expect(await lost()).toBeUndefined()
})
