import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { type Intent, openSession, type WebhookRotation } from '../../core/guard/state.ts'
import { CURRENT } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts, type Stage, startParts } from '../guard/support.ts'
import { makeRotating } from './support.ts'
import { makeTokenRotating } from './token-support.ts'

let parts: Parts
let ann: { id: string; token: string }
beforeAll(async () => {
  parts = await startParts()
  const { id } = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 })
  ann = { id: String(id), token: parts.clickup.issueToken(id) }
})
afterAll(() => parts.close())
beforeEach(() => {
  parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
})

function makingOf(stage: Stage, of: Pick<WebhookRotation, 'userId' | 'fromUserId'> & Partial<WebhookRotation>) {
  const since = stage.clock.now()
  const fromId = stage.ours()[0]?.id ?? ''
  const way = { way: 'beside', phase: 'making', until: since + 20 * MINUTE } as const
  return { run: 'another', since, from: 'a', fromId, to: 'b', ...way, ...of } as const satisfies WebhookRotation
}

async function write(stage: Stage, rotation: WebhookRotation | null, intent: Intent | null): Promise<void> {
  const opened = await openSession({ ...stage.services(), holder: 'another' }, 'a test')
  if (opened.kind !== 'open') throw new Error('busy')
  await opened.session.release({ rotation, intent })
}

/** What another rotation has written down that makes a webhook as `userId` in the place of one of `fromUserId`. */
async function writeMaking(stage: Stage, of: Pick<WebhookRotation, 'userId' | 'fromUserId'>): Promise<WebhookRotation> {
  const rotation = makingOf(stage, of)
  const { since, userId } = rotation
  await write(stage, rotation, {
    slot: 'b',
    since,
    userId,
    cause: null,
    replaces: null,
    webhookId: null,
    readyAt: null,
  })
  return rotation
}

test('a takeover waits for a rotation of the signing secret, and takes nothing of it', async () => {
  const rotating = await makeTokenRotating(parts)
  const { stage } = rotating
  const other = await writeMaking(stage, { userId: stage.userId, fromUserId: stage.userId })
  await rotating.bring(ann.token, { takeover: true })
  const run = await rotating.start()
  await rotating.take('createSecret', run)
  await expect(rotating.take('setSecret', run)).rejects.toThrow(/Another rotation is under way/)
  expect(await stage.saved()).toMatchObject({ rotation: other })
  expect(stage.ours()).toHaveLength(1)
  expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first })
})

test('a takeover leaves the webhook that the former user’s rotation has replaced to the guard, which can delete it', async () => {
  const rotating = await makeTokenRotating(parts)
  const { stage } = rotating
  const [active] = stage.ours()
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  const replaced = { endpoint: stage.url('b'), events: new Set(EVENT_NAMES), scope }
  const made = parts.clickup.webhooks.create(Number(stage.userId), replaced)
  if (made.kind !== 'created' || active === undefined) throw new Error('refused')
  const { id: webhookId, secret } = made.webhook
  await stage.services().signing.put('b', { webhookId, secret, state: 'retiring' })
  // The overlap is over, and the guard was not there yet.
  const of = { userId: stage.userId, fromUserId: stage.userId, fromId: webhookId, from: 'b', to: 'a' } as const
  await write(stage, { ...makingOf(stage, of), phase: 'over', until: stage.clock.now() }, null)
  rotating.meanwhile.act = async () => void (await rotating.guard())
  await rotating.bring(ann.token, { takeover: true })
  await rotating.takeAll(await rotating.start())
  expect(stage.ours().map(({ id, userId }) => (id === active.id ? 'the former' : String(userId)))).toEqual([
    'the former',
    ann.id,
  ])
})

test('a rotation of the signing secret takes nothing of a takeover from another user', async () => {
  const rotating = await makeRotating(parts)
  const { stage } = rotating
  const other = await writeMaking(stage, { userId: stage.userId, fromUserId: ann.id })
  await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/Another rotation is under way/)
  expect(await stage.saved()).toMatchObject({ rotation: other })
  expect(stage.ours()).toHaveLength(1)
})

test('a rotation waits for the guard that makes a webhook, and for what a former user has left', async () => {
  const rotating = await makeRotating(parts)
  const { stage } = rotating
  const since = stage.clock.now()
  const intent = { slot: 'b', since, userId: stage.userId, cause: 'missing', replaces: null } as const
  await write(stage, null, { ...intent, webhookId: null, readyAt: null })
  await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/The guard is making a webhook/)
  expect(await stage.saved()).toMatchObject({ rotation: null, intent })
  await stage.services().signing.put('b', { webhookId: 'theirs', secret: 'theirs', state: 'retiring' })
  const over = { phase: 'over', until: stage.clock.now() } as const
  await write(stage, makingOf(stage, { userId: stage.userId, fromUserId: ann.id, from: 'b', to: 'a', ...over }), null)
  await expect(rotating.take('createSecret', await rotating.start())).rejects.toThrow(/former user is still to be/)
  expect(await stage.signing()).toMatchObject({ b: { secret: 'theirs' } })
})

test('a run that wakes when another has taken over does not tell its end over the report of that one', async () => {
  const rotating = await makeRotating(parts)
  const dead = await rotating.start()
  await rotating.take('createSecret', dead)
  let next = ''
  rotating.meanwhile.act = async () => {
    rotating.meanwhile.act = async () => undefined
    await rotating.versions.detach('AWSPENDING', dead)
    next = await rotating.start()
    await rotating.take('createSecret', next)
  }
  await expect(rotating.take('setSecret', dead)).rejects.toThrow(/taken it over/)
  expect(await rotating.report()).toMatchObject({ run: next, phase: 'running' })
  for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) await rotating.take(step, next)
  expect(await rotating.report()).toMatchObject({ run: next, phase: 'done' })
})
