import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { storeToken } from '../../core/guard/connect.ts'
import { guardOnce } from '../../core/guard/guard.ts'
import { disconnect } from '../../core/guard/remove.ts'
import { RotationFailed } from '../../core/rotation/steps.ts'
import { CURRENT } from '../../core/secrets/versions.ts'
import { run as runGuard } from '../../functions/guard/run.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { guardFunction, makeTokenRotating, type TokenRotating } from './token-support.ts'

const guardCalled = { Records: [{ messageId: 'm', body: JSON.stringify({ job: 'guard', connection: '*' }) }] }

let parts: Parts
let rotating: TokenRotating
let ann: { id: string; token: string }
beforeAll(async () => {
  parts = await startParts()
  const { id } = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 })
  ann = { id: String(id), token: parts.clickup.issueToken(id) }
})
afterAll(() => parts.close())
beforeEach(async () => {
  rotating = await makeTokenRotating(parts)
})

test('brings webhook, record and token over to the other user, and not one delivery is refused', async () => {
  const { stage, verifier } = rotating
  const [old] = stage.ours()
  const answers: number[] = []
  const deliverAll = async () => {
    for (const { endpoint, secret, events } of stage.ours())
      if (events.size > 1) answers.push(await verifier.deliver(endpoint, secret))
  }
  rotating.meanwhile.act = async () => {
    await deliverAll()
    await rotating.guard()
  }
  await deliverAll()
  await rotating.bring(ann.token, { takeover: true })
  const run = await rotating.start()
  await rotating.takeAll(run)
  const [still, fresh] = stage.ours()
  expect([still?.id, String(fresh?.userId), fresh?.events.size]).toEqual([old?.id, ann.id, EVENT_NAMES.length])
  expect(await rotating.labels()).toEqual({ current: run, pending: run, candidate: undefined })
  expect(await rotating.record()).toMatchObject({ userId: ann.id, userName: 'Ann Meyer', callsPerMinute: 10_000 })
  expect(await rotating.stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
  expect((await rotating.report())?.detail).toMatch(
    /^The new token is in use\. It is that of Ann Meyer \(\d+\)\. The webhook of the former user goes on until 2026-/,
  )
  for (let minute = 0; minute < 75; minute += 5) {
    await deliverAll()
    await rotating.guard()
    stage.clock.time += 5 * MINUTE
  }
  // The former user's is in no list of Ann's: it is deleted with the token of before.
  expect(stage.ours().map(({ id }) => id)).toEqual([fresh?.id])
  expect(Object.keys(await stage.signing())).toEqual(['b'])
  expect(new Set(answers)).toEqual(new Set([200]))
  expect((await stage.gaps()).length).toBe(0)
})

test('a test by the schedule within the overlap leaves the former token where the guard finds it', async () => {
  const { stage } = rotating
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  await rotating.takeAll(await rotating.start())
  expect(await rotating.holding('AWSPREVIOUS')).toMatchObject({ token: rotating.first })
  for (const minutes of [61, 5, 5]) {
    stage.clock.time += minutes * MINUTE
    await rotating.guard()
  }
  expect(stage.ours()).toHaveLength(1)
})

test('the right to take over is not needed for another token of the same user', async () => {
  const ids = rotating.stage.ours().map(({ id }) => id)
  const token = parts.clickup.issueToken(Number(rotating.stage.userId))
  await rotating.bring(token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  expect(await rotating.holding(CURRENT)).toMatchObject({ token })
  expect(rotating.stage.ours().map(({ id }) => id)).toEqual(ids)
  expect((await rotating.stage.saved())?.rotation).toBeNull()
})

test('without webhooks by choice, only the record changes', async () => {
  rotating = await makeTokenRotating(parts, { mode: 'poll' })
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  expect(await rotating.record()).toMatchObject({ userId: ann.id, mode: 'poll' })
  expect(await rotating.holding(CURRENT)).toMatchObject({ token: ann.token })
  expect(rotating.stage.ours()).toEqual([])
})

test.each([
  ['finishSecret', ['createSecret', 'setSecret', 'testSecret']],
  ['testSecret', ['createSecret', 'setSecret']],
] as const)('a new webhook that somebody deletes before %s ends it, and the old one goes on', async (last, steps) => {
  const { stage } = rotating
  const [old] = stage.ours()
  await rotating.bring(ann.token, { takeover: true })
  const run = await rotating.start()
  for (const step of steps) await rotating.take(step, run)
  const fresh = stage.ours().find(({ id }) => id !== old?.id)
  if (fresh !== undefined) parts.clickup.webhooks.remove(fresh)
  await expect(rotating.take(last, run)).rejects.toThrow(/was given up before the token could be put in force/)
  expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first })
  expect(stage.ours().map(({ id }) => id)).toEqual([old?.id])
  expect(Object.keys(await stage.signing())).toEqual(['a'])
  expect(await rotating.record()).toMatchObject({ userId: stage.userId })
})

test('the guard’s function has the former token at hand, and not for longer than a run the one that was in use', async () => {
  const { stage } = rotating
  const guard = guardFunction(parts, stage)
  const looks = () => runGuard(guardCalled, guard, 60_000)
  await looks()
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  // A token that it kept would be the former user's now, and the new webhook be none that it sees.
  await looks()
  expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
  for (const minutes of [61, 5, 5]) {
    stage.clock.time += minutes * MINUTE
    await looks()
  }
  expect(stage.ours().map(({ userId }) => String(userId))).toEqual([ann.id])
  expect(Object.keys(await stage.signing())).toEqual(['b'])
})

test('a ClickUp that is down when the overlap ends, or a look without the former token, leaves the former webhook to the next run', async () => {
  const { stage } = rotating
  const [old] = stage.ours()
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  stage.clock.time += 61 * MINUTE
  const down = stage.clickupBy(rotating.first, async () => new Response('', { status: 503 }))
  await rotating.guard({ formerClickUp: async () => down })
  // As connect looks.
  const { clickup, formerClickUp: _, ...services } = { ...stage.services(), clickup: stage.clickupBy(ann.token) }
  const whose = { workspaceId: parts.clickup.workspaceId, userId: ann.id }
  expect(await guardOnce(whose, { ...services, clickup }, 'hookline connect')).toMatchObject({ kind: 'well' })
  stage.clock.time += 5 * MINUTE
  expect(Object.keys(await stage.signing())).toEqual(['a', 'b'])
  expect(stage.ours().map(({ id }) => id)).toContain(old?.id)
  await rotating.guard()
  expect(stage.ours().map(({ id }) => id)).not.toContain(old?.id)
  // What it still had on its way.
  await rotating.guard()
  expect(await rotating.verifier.deliver(stage.url('a'), old?.secret ?? '')).toBe(200)
  expect(Object.keys(await stage.signing())).toEqual(['a', 'b'])
  for (const minutes of [5, 5]) {
    stage.clock.time += minutes * MINUTE
    await rotating.guard()
  }
  expect(Object.keys(await stage.signing())).toEqual(['b'])
})

test('a former webhook that the token before this one does not show is not said to be deleted', async () => {
  const { stage } = rotating
  const [old] = stage.ours()
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  // Hers is the token before this one now.
  await rotating.bring(parts.clickup.issueToken(Number(ann.id)))
  await rotating.takeAll(await rotating.start())
  stage.clock.time += 61 * MINUTE
  await rotating.guard()
  expect(stage.ours().map(({ id }) => id)).toContain(old?.id)
  const said = stage.lines.map(({ message }) => message)
  expect(said).toContain('The webhook of the former user could not be deleted: delete it in ClickUp, as that user')
})

test('a test of a token that once took over does not take the connection back from whoever has connected since', async () => {
  const { stage } = rotating
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  for (const minutes of [61, 5, 5]) {
    stage.clock.time += minutes * MINUTE
    await rotating.guard()
  }
  const run = await rotating.start()
  await rotating.take('createSecret', run)
  // Connect, with the service account's token.
  await guardOnce({ workspaceId: parts.clickup.workspaceId, userId: stage.userId }, stage.services(), 'connect')
  await storeToken(parts.clients.secrets, rotating.name, rotating.first, stage.clock.time)
  await saveConnection(stage.state, stage.connection, { workspaceId: parts.clickup.workspaceId, userId: stage.userId })
  const before = stage.ours().map(({ id }) => id)
  for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) await rotating.take(step, run)
  expect(await rotating.record()).toMatchObject({ userId: stage.userId })
  expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first })
  expect(stage.ours().map(({ id }) => id)).toEqual(before)
  expect(await rotating.labels()).toMatchObject({ pending: undefined })
})

test('disconnecting while the new user’s webhook waits leaves none of either', async () => {
  const { stage } = rotating
  await rotating.bring(ann.token, { takeover: true })
  const run = await rotating.start()
  await rotating.take('createSecret', run)
  rotating.meanwhile.act = async () => void (await disconnect(stage.services()))
  await expect(rotating.take('setSecret', run)).rejects.toThrow(/given up/)
  expect(stage.ours()).toEqual([])
  expect(await stage.signing()).toEqual({})
  expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first })
})

test.each([
  ['deletes the former user’s webhook, too', true],
  ['says which of the former user’s is left', false],
])('disconnecting within the overlap of a takeover %s', async (_, hasFormer) => {
  const { stage } = rotating
  const [old] = stage.ours()
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  const clickup = stage.clickupBy(ann.token)
  const formerClickUp = async () => (hasFormer ? stage.clickupBy(rotating.first) : null)
  const removed = await disconnect({ ...stage.services(), clickup, formerClickUp })
  expect(removed).toMatchObject(hasFormer ? { webhooks: 2, left: null } : { webhooks: 1, left: old?.id })
  expect(stage.ours()).toHaveLength(hasFormer ? 0 : 1)
  expect(await stage.saved()).toMatchObject({ rotation: null, intent: null })
})

test('a ClickUp that is down after the promotion takes nothing back: the step is taken again', async () => {
  const { stage } = rotating
  await rotating.bring(ann.token, { takeover: true })
  const run = await rotating.start()
  for (const step of ['createSecret', 'setSecret', 'testSecret'] as const) await rotating.take(step, run)
  // It died right after that.
  await rotating.versions.promote(run)
  const down = rotating.take('finishSecret', run, { fetch: async () => new Response('', { status: 503 }) })
  await expect(down).rejects.not.toBeInstanceOf(RotationFailed)
  expect(stage.ours()).toHaveLength(2)
  expect(await rotating.report()).toMatchObject({ phase: 'running' })
  await rotating.take('finishSecret', run)
  expect(await rotating.record()).toMatchObject({ userId: ann.id })
  expect(await stage.signing()).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
})

test('a new webhook that somebody deletes within the overlap is made anew, and the former user’s goes on being verified', async () => {
  const { stage, verifier } = rotating
  const [old] = stage.ours()
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  const fresh = stage.ours().find(({ id }) => id !== old?.id)
  if (fresh === undefined || old === undefined) throw new Error('no webhook')
  parts.clickup.webhooks.remove(fresh)
  stage.clock.time += 6 * MINUTE
  for (const minutes of [0, 1, 5]) {
    stage.clock.time += minutes * MINUTE
    await rotating.guard()
    expect(await verifier.deliver(old.endpoint, old.secret)).toBe(200)
  }
  const { a, b } = await stage.signing()
  expect([a?.webhookId, b?.state]).toEqual([old.id, 'active'])
  expect(stage.ours().map(({ id }) => id)).toEqual([old.id, b?.webhookId])
})
