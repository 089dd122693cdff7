import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { disconnect } from '../../core/guard/remove.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { SIGNING_CACHE } from '../../core/secrets/signing.ts'
import type { Webhook } from '../../local/clickup/webhooks/registry.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { makeRotating, type Rotating, startVerifier } from './support.ts'

let parts: Parts
let rotating: Rotating
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())
beforeEach(async () => {
  parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  rotating = await makeRotating(parts)
})

describe('beside the old webhook', () => {
  test('the new secret is stored, and older than a cache life before anything but a rare event is signed with it', async () => {
    const { stage, slept } = rotating
    const old = rotating.webhook('a')
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    const fresh = rotating.webhook('b')
    expect([...fresh.events]).toEqual(['keyResultDeleted'])
    expect(await stage.signing()).toEqual({
      a: { webhookId: old.id, secret: old.secret, state: 'active' },
      b: { webhookId: fresh.id, secret: fresh.secret, state: 'pending' },
    })
    const storedAt = stage.clock.time
    rotating.meanwhile.act = async () => {
      if (stage.clock.time - storedAt < SIGNING_CACHE.lifeMs) expect(fresh.events.size).toBe(1)
    }
    await rotating.take('setSecret', run)
    expect(fresh.events.size).toBe(EVENT_NAMES.length)
    expect(stage.clock.time - storedAt).toBeGreaterThanOrEqual(SIGNING_CACHE.lifeMs)
    expect(slept).toHaveLength(1)
    await rotating.take('testSecret', run)
    await rotating.take('finishSecret', run)
    expect(await rotating.labels()).toEqual({ current: run, pending: run })
    expect(await stage.signing()).toEqual({
      a: { webhookId: old.id, secret: old.secret, state: 'retiring' },
      b: { webhookId: fresh.id, secret: fresh.secret, state: 'active' },
    })
    expect(await rotating.report()).toMatchObject({ run, phase: 'done', doneAt: stage.clock.time })
    expect(await stage.gaps()).toEqual([])
  })

  test('at no time is a delivery of either webhook refused, by a warm verifier or a cold one', async () => {
    const { stage, verifier } = rotating
    const answers: number[] = []
    const deliverAll = async () => {
      for (const { endpoint, secret, events } of stage.ours())
        if (events.size > 1) answers.push(await verifier.deliver(endpoint, secret))
    }
    await deliverAll()
    rotating.meanwhile.act = deliverAll
    await rotating.takeAll(await rotating.start())
    for (let minute = 0; minute < 75; minute += 1) {
      await deliverAll()
      if (minute % 5 === 0) await stage.run()
      stage.clock.time += MINUTE
    }
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(stage.ours()).toHaveLength(1)
  })

  test('the old webhook goes on for the overlap, is then deleted by the guard, and its secret is refused after that', async () => {
    const { stage, verifier } = rotating
    const { id, secret } = rotating.webhook('a')
    await rotating.takeAll(await rotating.start())
    const over = stage.clock.time + 60 * MINUTE
    while (stage.clock.time < over) {
      expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
      expect(rotating.webhook('a').id).toBe(id)
      stage.clock.time += 5 * MINUTE
    }
    expect(await stage.run()).toMatchObject({ mended: ['A replaced webhook was left over; it was deleted'] })
    expect(stage.ours().map(({ endpoint }) => endpoint)).toEqual([stage.url('b')])
    // What ClickUp still had on its way, also where two guards come one after the other.
    stage.clock.time += 500
    expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
    expect(Object.keys(await stage.signing())).toEqual(['a', 'b'])
    expect(await verifier.deliver(stage.url('a'), secret)).toBe(200)
    stage.clock.time += 5 * MINUTE
    expect(await stage.run()).toMatchObject({
      mended: ['A webhook that is no more was still in its slot; the slot was emptied'],
    })
    stage.clock.time += 5 * MINUTE
    expect(await verifier.deliver(stage.url('a'), secret)).toBe(403)
    expect(await stage.saved()).toMatchObject({ rotation: null, intent: null, lock: null })
    expect(stage.delayed).toContainEqual({ job: { job: 'guard', connection: 'main', reason: 'mended' }, seconds: 3600 })
  })

  test('the next rotation goes the other way round, and not before the overlap is over', async () => {
    const { stage } = rotating
    await rotating.takeAll(await rotating.start())
    const soon = await rotating.start()
    await expect(rotating.take('createSecret', soon)).rejects.toThrow(/goes on until .*: rotate again after that/)
    expect(await rotating.labels()).toMatchObject({ pending: undefined })
    expect(await rotating.report()).toMatchObject({ run: soon, phase: 'failed' })
    const { secret } = rotating.webhook('a')
    stage.clock.time += 61 * MINUTE
    // The guard was not there yet. What the deleted one still has on its way is verified, by a verifier that has just begun, too.
    const answers: [number, number][] = []
    rotating.meanwhile.act = async () => {
      const old = stage.ours().filter((webhook) => webhook.secret === secret)
      answers.push([old.length, await startVerifier(parts, stage).deliver(stage.url('a'), secret)])
    }
    await rotating.takeAll(await rotating.start())
    expect(answers[0]).toEqual([0, 200])
    expect(await stage.signing()).toMatchObject({ a: { state: 'active' }, b: { state: 'retiring' } })
  })

  test('what the guard writes between two rotations leaves nothing behind that the next one would be refused for', async () => {
    const { stage } = rotating
    for (const slot of ['b', 'a'] as const) {
      await rotating.takeAll(await rotating.start())
      for (const minutes of [61, 5, 5]) {
        stage.clock.time += minutes * MINUTE
        await stage.run()
      }
      expect(Object.keys(await stage.signing())).toEqual([slot])
    }
  })

  test('a Secrets Manager that answers the former version for a moment does not have the guard delete the new webhook', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    for (const step of ['createSecret', 'setSecret', 'testSecret'] as const) await rotating.take(step, run)
    const { current: before } = await rotating.labels()
    let stale = 0
    const calm = parts.gateway.intercept(({ action }) => {
      if (action === 'secretsmanager:UpdateSecretVersionStage') stale = 3
      if (action !== 'secretsmanager:GetSecretValue' || stale === 0) return undefined
      stale -= 1
      return { SecretId: signingSecretName(stage.stage, stage.connection), VersionId: before }
    })
    try {
      await rotating.take('finishSecret', run)
      expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
    } finally {
      calm()
    }
    expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
    expect(stage.ours()).toHaveLength(2)
  })

  test('a new webhook that somebody deletes within the overlap is replaced by the old one', async () => {
    const { stage } = rotating
    const { id } = rotating.webhook('a')
    await rotating.takeAll(await rotating.start())
    parts.clickup.webhooks.remove(rotating.webhook('b'))
    stage.clock.time += 5 * MINUTE
    await stage.runToEnd()
    expect(await stage.signing()).toMatchObject({ a: { webhookId: id, state: 'active' } })
    for (const minutes of [61, 5, 5]) {
      stage.clock.time += minutes * MINUTE
      await stage.run()
    }
    expect(stage.ours().map((webhook) => webhook.id)).toEqual([id])
    expect(Object.keys(await stage.signing())).toEqual(['a'])
  })

  test('what a sweep says of a silent webhook waits until it is replaced', async () => {
    const { stage } = rotating
    await rotating.take('createSecret', await rotating.start())
    const [before, ids] = [await stage.saved(), stage.ours().map(({ id }) => id)]
    await stage.run('silent')
    expect(stage.ours().map(({ id }) => id)).toEqual(ids)
    expect(await stage.saved()).toMatchObject({ intent: before?.intent, rotation: before?.rotation })
  })

  test('a secret that was lost while it waited, to a write that had read a moment too early, waits anew', async () => {
    const { stage, slept } = rotating
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    const fresh = rotating.webhook('b')
    const heard: number[] = []
    rotating.meanwhile.act = async () => {
      heard.push(fresh.events.size)
      if (heard.length === 1) await stage.services().signing.put('b', null)
    }
    await rotating.take('setSecret', run)
    expect([heard, slept]).toEqual([
      [1, 1],
      [SIGNING_CACHE.lifeMs, SIGNING_CACHE.lifeMs],
    ])
    expect(await stage.signing()).toMatchObject({ b: { webhookId: fresh.id, secret: fresh.secret } })
  })

  test('what an earlier try has left at the address of the new one is not taken for it: its secret may be an old one', async () => {
    const { stage } = rotating
    const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
    const left = { endpoint: stage.url('b'), events: new Set(EVENT_NAMES), scope }
    const made = parts.clickup.webhooks.create(Number(stage.userId), left)
    if (made.kind !== 'created') throw new Error('refused')
    await rotating.takeAll(await rotating.start())
    expect(rotating.webhook('b').secret).not.toBe(made.webhook.secret)
    expect(stage.ours()).toHaveLength(2)
  })

  test('what the guard changes in the other slot meanwhile is not lost', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    const { id } = rotating.webhook('a')
    await stage.services().signing.put('a', { webhookId: id, secret: 'ANOTHER', state: 'active' })
    await rotating.take('setSecret', run)
    await rotating.take('finishSecret', run)
    expect(await stage.signing()).toMatchObject({ a: { secret: 'ANOTHER', state: 'retiring' }, b: { state: 'active' } })
    const { current, pending } = await rotating.labels()
    expect(current).toBe(pending)
    expect(current).not.toBe(run)
    stage.clock.time += 61 * MINUTE
    expect(await rotating.start()).not.toBe('')
  })

  test.each([
    ['missing', (webhook: Webhook) => parts.clickup.webhooks.remove(webhook)],
    ['suspended', (webhook: Webhook) => parts.clickup.webhooks.suspend(webhook)],
  ])(
    'what the old webhook does not hear because it is %s meanwhile is shown as a gap, and swept',
    async (cause, harm) => {
      const { stage } = rotating
      const goodAt = (await stage.saved())?.goodAt
      const run = await rotating.start()
      await rotating.take('createSecret', run)
      harm(rotating.webhook('a'))
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) await rotating.take(step, run)
      expect(await stage.gaps()).toMatchObject([{ cause, from: goodAt, to: null }])
      await stage.run()
      expect(await stage.gaps()).toMatchObject([{ cause, to: stage.clock.time }])
      expect(await stage.jobs()).toMatchObject([{ job: 'sweep', reason: 'mended' }])
    },
  )

  test('a new webhook whose deliveries are refused at the public route is taken away again', async () => {
    const { stage } = rotating
    const before = await stage.signing()
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    await rotating.take('setSecret', run)
    const broken = rotating.take('testSecret', run, {}, { post: async () => 502 })
    await expect(broken).rejects.toThrow(/was not accepted at .*: the answer was 502/)
    expect(await stage.signing()).toEqual(before)
    expect(stage.ours().map(({ endpoint }) => endpoint)).toEqual([stage.url('a')])
    expect(await rotating.labels()).toMatchObject({ pending: undefined })
    expect(await stage.saved()).toMatchObject({ rotation: null, intent: null, lock: null })
    await rotating.takeAll(await rotating.start())
    expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
  })

  test('a test that fails when another invocation has brought the rotation to its end undoes nothing', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    await rotating.take('setSecret', run)
    let done = false
    const post = async () => {
      if (!done) for (const step of ['testSecret', 'finishSecret'] as const) await rotating.take(step, run)
      done = true
      return null
    }
    await rotating.take('testSecret', run, {}, { post })
    expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
    expect(stage.ours()).toHaveLength(2)
    const { rotation } = (await stage.saved()) ?? {}
    expect(rotation).toMatchObject({ run, phase: 'over' })
    expect(rotation?.until).toBeGreaterThan(stage.clock.time + 50 * MINUTE)
    expect(await rotating.report()).toMatchObject({ run, phase: 'done' })
    expect(await rotating.labels()).toEqual({ current: run, pending: run })
  })

  test('steps that are taken twice do nothing more', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      await rotating.take(step, run)
      await rotating.take(step, run)
    }
    expect(stage.ours()).toHaveLength(2)
    expect(await rotating.labels()).toEqual({ current: run, pending: run })
  })
})

describe('where ClickUp refuses a second webhook', () => {
  beforeEach(() => {
    parts.clickup.faults.allowSecondWebhook = 'never'
  })

  test('the old one goes first, a gap is shown while there is none, and a sweep is asked for', async () => {
    const { stage, slept } = rotating
    const old = rotating.webhook('a')
    const run = await rotating.start()
    const from = stage.clock.time
    await rotating.take('createSecret', run)
    expect(stage.ours().map(({ endpoint }) => endpoint)).toEqual([stage.url('b')])
    expect(await stage.gaps()).toMatchObject([{ cause: 'rotation', from, to: null }])
    await rotating.take('setSecret', run)
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(35_000)
    expect(await stage.gaps()).toMatchObject([{ cause: 'rotation', from, to: stage.clock.time }])
    expect(await stage.jobs()).toMatchObject([{ job: 'sweep', reason: 'mended' }])
    await rotating.take('testSecret', run)
    await rotating.take('finishSecret', run)
    expect(await rotating.labels()).toEqual({ current: run, pending: run })
    expect(await stage.signing()).toMatchObject({ a: { webhookId: old.id, state: 'retiring' }, b: { state: 'active' } })
    stage.clock.time += 61 * MINUTE
    await stage.run()
    expect(Object.keys(await stage.signing())).toEqual(['b'])
  })

  test('a test that fails leaves the new one, which is all there is, to the guard', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    await rotating.take('setSecret', run)
    stage.delayed.length = 0
    await expect(rotating.take('testSecret', run, {}, { post: async () => 502 })).rejects.toThrow(/was 502/)
    expect(stage.delayed).toMatchObject([{ job: { job: 'guard', reason: 'mended' }, seconds: 0 }])
    expect(stage.ours().map(({ endpoint }) => endpoint)).toEqual([stage.url('b')])
    await stage.runToEnd()
    expect(await stage.signing()).toMatchObject({ b: { state: 'active', secret: rotating.webhook('b').secret } })
    expect(await stage.saved()).toMatchObject({ rotation: null, intent: null, report: { verdict: 'well' } })
  })

  test('one that is not ours in the way leaves everything as it was', async () => {
    const { stage } = rotating
    parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
    parts.clickup.webhooks.create(Number(stage.userId), {
      endpoint: 'https://elsewhere.example/hook',
      events: new Set(EVENT_NAMES),
      scope: { spaceId: null, folderId: null, listId: null, taskId: null },
    })
    parts.clickup.faults.allowSecondWebhook = 'never'
    const before = await stage.signing()
    await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/OAUTH_171/)
    expect(await stage.signing()).toEqual(before)
    expect(stage.ours()).toHaveLength(1)
    expect(await stage.gaps()).toEqual([])
    expect(await stage.saved()).toMatchObject({ rotation: null, intent: null })
  })
})

test('a webhook of the same user for one space is in nobody’s way where ClickUp refuses a second one of the workspace', async () => {
  const { stage } = rotating
  const scope = { spaceId: '1', folderId: null, listId: null, taskId: null }
  const endpoint = 'https://elsewhere.example/hook'
  parts.clickup.webhooks.create(Number(stage.userId), { endpoint, events: new Set(EVENT_NAMES), scope })
  parts.clickup.faults.allowSecondWebhook = 'never'
  await rotating.takeAll(await rotating.start())
  expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
  expect([...parts.clickup.webhooks.all()].map((webhook) => webhook.endpoint)).toEqual([endpoint, stage.url('b')])
})

describe('where there is nothing to rotate', () => {
  test('testSecret alone, before anything is connected, is well and changes nothing', async () => {
    const { stage } = rotating
    const before = await rotating.labels()
    const run = await rotating.start()
    await rotating.take('testSecret', run)
    await rotating.versions.detach('AWSPENDING', run)
    expect(await rotating.labels()).toEqual({ ...before, pending: undefined })
    expect(stage.ours()).toHaveLength(1)
  })

  test('testSecret alone on a copy of what is in force, as the service tries a schedule, is well and says nothing', async () => {
    const run = await rotating.start()
    const { current = '' } = await rotating.labels()
    const held = await rotating.versions.read(current)
    await rotating.versions.putPending(run, held?.text ?? '')
    await rotating.take('testSecret', run)
    expect(await rotating.report()).toBeNull()
  })

  test('a disconnected connection ends cleanly unchanged', async () => {
    const { stage } = rotating
    await disconnect(stage.services())
    const before = await rotating.labels()
    await rotating.takeAll(await rotating.start())
    expect(await rotating.labels()).toEqual({ current: before.current, pending: undefined })
    expect(await stage.signing()).toEqual({})
    expect(stage.ours()).toEqual([])
  })

  test('a webhook that hears of a part only is left to the guard', async () => {
    const webhook = rotating.webhook('a')
    webhook.events = new Set(['taskCreated'])
    await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/not well/)
    expect(rotating.stage.ours()).toEqual([webhook])
  })

  test('a webhook that is not well is left to the guard', async () => {
    const { stage } = rotating
    parts.clickup.webhooks.suspend(rotating.webhook('a'))
    await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/not well \(suspended\)/)
    await stage.run()
    await rotating.takeAll(await rotating.start())
  })
})
