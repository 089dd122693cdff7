import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { RotationFailed } from '../../core/rotation/steps.ts'
import { createUpstreamStore } from '../../core/upstream/store.ts'
import { noFaults } from '../../local/clickup/faults.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { makeTokenRotating, type TokenRotating } from './token-support.ts'

let parts: Parts
let rotating: TokenRotating
let other: { id: number; token: string }
beforeAll(async () => {
  parts = await startParts()
  const { id } = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 })
  other = { id, token: parts.clickup.issueToken(id) }
})
afterAll(() => parts.close())
beforeEach(async () => {
  rotating = await makeTokenRotating(parts, { realGate: true })
})
afterEach(() => {
  Object.assign(parts.clickup.faults, noFaults())
})

const seen = async () => {
  const { current } = await rotating.labels()
  const webhooks = [...parts.clickup.webhooks.all()].map(({ id, events, status }) => ({ id, status, n: events.size }))
  const state = await rotating.stage.saved()
  return {
    current,
    webhooks,
    signing: await rotating.stage.signing(),
    record: await rotating.record(),
    rotation: state?.rotation,
  }
}

/** The rotation fails with this sentence, and all is as it was: nothing is in the way of the next one. */
async function expectRefused(reason: RegExp) {
  const before = await seen()
  const run = await rotating.start()
  const error = await rotating.takeAll(run).then(
    () => null,
    (failed: unknown) => failed,
  )
  expect(error).toBeInstanceOf(RotationFailed)
  expect(error).toMatchObject({ message: expect.stringMatching(reason) })
  expect(await rotating.report()).toMatchObject({ run, phase: 'failed', detail: expect.stringMatching(reason) })
  expect(await seen()).toEqual(before)
  expect(await rotating.labels()).toEqual({ current: before.current, pending: undefined, candidate: undefined })
  const { dynamo, table } = rotating.stage.state
  expect((await createUpstreamStore({ dynamo, table }, 'main').load()).refusal).toBeNull()
  // It is not gone on with, and another may begin.
  await expect(rotating.take('testSecret', run)).rejects.toThrow(/failed or was given up/)
  await rotating.start()
}

const ofSameUser = () => parts.clickup.issueToken(Number(rotating.stage.userId))

describe('a token is refused that', () => {
  test('is dead', async () => {
    const token = ofSameUser()
    parts.clickup.revokeToken(token)
    await rotating.bring(token)
    await expectRefused(
      /^ClickUp refuses the new token \(OAUTH_025\): make another in ClickUp .* rotate token again\.$/,
    )
  })

  test('is another user’s', async () => {
    await rotating.bring(other.token)
    await expectRefused(
      /^The new token is that of Ann Meyer \(\d+\), and the connection was made with that of \d+: .*--takeover/,
    )
  })

  test('sees no workspace', async () => {
    await rotating.bring(ofSameUser())
    parts.clickup.faults.workspaces = 'none'
    await expectRefused(/who sees no workspace: invite that user to \d+ in ClickUp/)
  })

  test('sees another workspace only', async () => {
    await rotating.bring(ofSameUser())
    const record = await rotating.record()
    if (record === null) throw new Error('not connected')
    await saveConnection(rotating.stage.state, 'main', { ...record, workspaceId: '9', workspaceName: 'Acme' })
    await expectRefused(/who does not see the workspace Acme \(9\): invite/)
  })

  test('does not show the webhook', async () => {
    for (const webhook of rotating.stage.ours()) parts.clickup.webhooks.remove(webhook)
    await rotating.bring(ofSameUser())
    await expectRefused(/^The new token does not show the webhook of this connection: look at npx hookline status/)
  })

  test('takes over and is dead, before anything is touched', async () => {
    const token = parts.clickup.issueToken(other.id)
    parts.clickup.revokeToken(token)
    await rotating.bring(token, { takeover: true })
    await expectRefused(/^ClickUp refuses the new token/)
  })

  test('takes over and may make no webhooks', async () => {
    await rotating.bring(other.token, { takeover: true })
    parts.clickup.faults.webhookRefusal = '401'
    await expectRefused(/ClickUp refuses to make a webhook/)
  })

  test('takes over, and its user’s webhook is in the way', async () => {
    const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
    parts.clickup.webhooks.create(other.id, { endpoint: 'https://elsewhere.example', events: new Set(), scope })
    await rotating.bring(other.token, { takeover: true })
    await expectRefused(/OAUTH_171/)
  })

  test('is none at all', async () => {
    await rotating.bring('', {})
    await expectRefused(/holds no token: bring it with npx hookline rotate token\.$/)
  })

  test('cannot be tested in time', async () => {
    await rotating.bring(ofSameUser())
    parts.clickup.faults.outage = { from: null, until: null, answer: 'disconnect' }
    const begunAt = rotating.stage.clock.time
    const before = await seen()
    const run = await rotating.start()
    await expect(rotating.takeAll(run)).rejects.toThrow(/^The new token could not be tested: ClickUp does not answer/)
    expect(rotating.stage.clock.time - begunAt).toBeGreaterThan(12 * MINUTE)
    expect(await seen()).toEqual(before)
    expect(await rotating.labels()).toMatchObject({ pending: undefined })
  })
})

test('the token in use is refused with what to do, and stays', async () => {
  parts.clickup.revokeToken(rotating.first)
  await expectRefused(/^ClickUp refuses the token in use \(OAUTH_025\): make a new one .* bring it with/)
})

test('a webhook that nobody can see any more is no reason to refuse the only token that lives', async () => {
  for (const webhook of rotating.stage.ours()) parts.clickup.webhooks.remove(webhook)
  parts.clickup.revokeToken(rotating.first)
  const token = ofSameUser()
  await rotating.bring(token)
  await rotating.takeAll(await rotating.start())
  expect(await rotating.holding('AWSCURRENT')).toMatchObject({ token })
})
