import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runGuard } from '../../core/guard/guard.ts'
import { openSession, type WebhooksState } from '../../core/guard/state.ts'
import { MINUTE, makeStage, type Parts, type Stage, startParts } from './support.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

let stage: Stage
beforeEach(async () => {
  for (const webhook of [...parts.clickup.webhooks.all()]) parts.clickup.webhooks.remove(webhook)
  parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  stage = await makeStage(parts)
  await stage.runToEnd()
  stage.clock.time += 5 * MINUTE
})

const NOWHERE = { spaceId: null, folderId: null, listId: null, taskId: null }
const shown = (of: Stage) => of.ours().map(({ id, endpoint, events, status }) => [id, endpoint, events.size, status])

/** A second webhook of the stage, as a rotation makes one that may go on until then. */
async function beginRotation(until: number) {
  const [active] = stage.ours()
  const made = parts.clickup.webhooks.create(Number(stage.userId), {
    ...{ endpoint: stage.url('b'), events: new Set(['keyResultDeleted'] as const), scope: NOWHERE },
  })
  if (made.kind !== 'created' || active === undefined) throw new Error('refused')
  const { id: webhookId, secret } = made.webhook
  await stage.services().signing.put('b', { webhookId, secret, state: 'pending' })
  const item: WebhooksState | null = await stage.saved()
  const common = {
    run: 'r',
    since: until,
    from: 'a',
    fromId: active.id,
    fromUserId: stage.userId,
    userId: stage.userId,
    to: 'b',
  }
  const rotation = { ...common, way: 'beside', phase: 'making', until }
  await stage.state.dynamo.send(
    new PutCommand({ TableName: stage.state.table, Item: { pk: 'main#webhooks', ...item, rotation } }),
  )
  return webhookId
}

test('two stages with one user never touch each other, whatever becomes of the one', async () => {
  const other = await makeStage(parts)
  await other.runToEnd()
  other.clock.time += 5 * MINUTE
  const before = shown(stage)
  const [theirs] = other.ours()
  if (theirs === undefined) throw new Error('no webhook')
  parts.clickup.webhooks.setFailCount(theirs, 100)
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
  expect(shown(other)).toMatchObject([[theirs.id, other.url('a'), 28, 'suspended']])
  expect(await other.run()).toMatchObject({ kind: 'well' })
  for (const webhook of other.ours()) parts.clickup.webhooks.remove(webhook)
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
  expect(other.ours()).toEqual([])
  expect(await other.runToEnd()).toMatchObject({ kind: 'well' })
  expect(shown(stage)).toEqual(before)
})

test('what is pending in a rotation is left to it while it lives, and cleared away when it has died', async () => {
  const pending = await beginRotation(stage.clock.time + 60 * MINUTE)
  const [before, secrets] = [shown(stage), await stage.signing()]
  stage.clock.time += 59 * MINUTE
  expect(await stage.run()).toMatchObject({ kind: 'well', mended: [] })
  expect([shown(stage), await stage.signing()]).toEqual([before, secrets])
  stage.clock.time += 2 * MINUTE
  expect(await stage.run()).toMatchObject({
    kind: 'well',
    mended: ['A replaced webhook was left over; it was deleted'],
  })
  expect(stage.ours().map(({ id }) => id)).not.toContain(pending)
  expect(Object.keys(await stage.signing())).toEqual(['a'])
})

test('in a rotation the active webhook is still looked after', async () => {
  await beginRotation(stage.clock.time + MINUTE)
  const active = stage.ours().find(({ endpoint }) => endpoint === stage.url('a'))
  if (active === undefined) throw new Error('no webhook')
  parts.clickup.webhooks.setFailCount(active, 100)
  expect(await stage.run()).toMatchObject({ kind: 'well' })
  expect(active.status).toBe('active')
})

test('while somebody alive holds the lock nothing is done', async () => {
  const opened = await openSession(stage.services(), 'a rotation')
  expect(opened.kind).toBe('open')
  for (const webhook of stage.ours()) parts.clickup.webhooks.remove(webhook)
  expect(await stage.run()).toMatchObject({ kind: 'busy', what: 'a rotation' })
  expect(stage.ours()).toEqual([])
})

test('a webhook that another run saw a moment ago is not made again with a token that may be an old one', async () => {
  await stage.run()
  for (const webhook of stage.ours()) parts.clickup.webhooks.remove(webhook)
  const lastGood = stage.clock.time
  stage.clock.time += MINUTE - 1
  expect(await stage.run()).toMatchObject({ kind: 'waiting', mended: [] })
  expect(stage.ours()).toEqual([])
  expect(await stage.saved()).toMatchObject({ goodAt: lastGood, report: { verdict: 'mending' } })
  stage.clock.time += MINUTE
  expect(await stage.run()).toMatchObject({ kind: 'waiting' })
  expect(stage.ours()).toHaveLength(1)
})

test('a takeover that died after its token was promoted is finished, and the webhook of the former user deleted', async () => {
  const [former] = stage.ours()
  const other = parts.clickup.world.addUser({ username: 'Ada', email: 'ada@team.example', role: 2 })
  if (former === undefined) throw new Error('no webhook')
  const made = parts.clickup.webhooks.create(other.id, {
    ...{ endpoint: stage.url('b'), events: new Set(['keyResultDeleted'] as const), scope: NOWHERE },
  })
  if (made.kind !== 'created') throw new Error('refused')
  const { id: webhookId, secret } = made.webhook
  await stage.services().signing.put('b', { webhookId, secret, state: 'pending' })
  const item: WebhooksState | null = await stage.saved()
  const common = { run: 'r', since: 1, from: 'a', fromId: former.id, fromUserId: stage.userId, to: 'b' }
  const rotation = { ...common, userId: String(other.id), way: 'beside', phase: 'making', until: stage.clock.time }
  await stage.state.dynamo.send(
    new PutCommand({ TableName: stage.state.table, Item: { pk: 'main#webhooks', ...item, rotation } }),
  )
  const [theirs, ours] = [parts.clickup.issueToken(other.id), parts.clickup.tokens.service]
  const look = async () => {
    const services = stage.services()
    const clickup = stage.clickupBy(theirs)
    return runGuard({ reason: 'schedule' }, { ...services, clickup, formerClickUp: async () => stage.clickupBy(ours) })
  }
  stage.clock.time += MINUTE
  expect(await look()).toMatchObject({ kind: 'waiting' })
  stage.clock.time += MINUTE
  expect(await look()).toMatchObject({ kind: 'well' })
  expect(await stage.signing()).toMatchObject({ a: { webhookId: former.id }, b: { webhookId, state: 'active' } })
  expect(shown(stage)).toHaveLength(2)
  for (const minutes of [61, 5, 5]) {
    stage.clock.time += minutes * MINUTE
    await look()
  }
  expect(stage.ours().map(({ id }) => id)).toEqual([webhookId])
  expect(Object.keys(await stage.signing())).toEqual(['b'])
})
