import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { LOCK_MS, openSession } from '../../core/guard/state.ts'
import { MINUTE, makeStage, type Parts, type Stage, startParts } from './support.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

beforeEach(() => {
  parts.clickup.faults.allowSecondWebhook = 'never'
  clear()
})

function clear() {
  for (const webhook of [...parts.clickup.webhooks.all()]) parts.clickup.webhooks.remove(webhook)
}

/** One webhook of ours, active, hearing of everything, its secret stored as the only one; and nothing begun. */
async function expectSound(stage: Stage) {
  expect(stage.ours()).toHaveLength(1)
  const [webhook] = stage.ours()
  if (webhook === undefined) throw new Error('no webhook')
  const { id: webhookId, secret, endpoint } = webhook
  expect([webhook.status, webhook.events.size]).toEqual(['active', EVENT_NAMES.length])
  const slot = endpoint.at(-1) ?? ''
  expect(await stage.signing()).toEqual({ [slot]: { webhookId, secret, state: 'active' } })
  expect(await stage.saved()).toMatchObject({ lock: null, intent: null, report: { verdict: 'well' } })
  expect((await stage.gaps()).filter(({ to }) => to === null)).toEqual([])
}

test('two guards at once make one webhook', async () => {
  const stage = await makeStage(parts)
  const first = await Promise.all([stage.run(), stage.run(), stage.run()])
  expect(first.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'waiting'])
  stage.clock.time += MINUTE
  const second = await Promise.all([stage.run(), stage.run()])
  expect(second.map(({ kind }) => kind).sort()).toEqual(['busy', 'well'])
  await expectSound(stage)
})

test('whoever has lost the lock writes nothing more', async () => {
  const stage = await makeStage(parts)
  const opened = await openSession(stage.services(), 'a slow run')
  if (opened.kind === 'busy') throw new Error('the lock was taken')
  expect(await stage.run()).toMatchObject({ kind: 'busy', what: 'a slow run' })
  stage.clock.time += LOCK_MS
  await stage.runToEnd()
  await expect(opened.session.save({ intent: null })).rejects.toThrow(/taken over/)
  await expectSound(stage)
})

test('a state that nobody can read is begun anew', async () => {
  const stage = await makeStage(parts)
  await stage.runToEnd()
  const { dynamo, table } = stage.state
  await dynamo.send(new PutCommand({ TableName: table, Item: { pk: 'main#webhooks', version: 'seven', lock: 1 } }))
  expect(await stage.runToEnd()).toMatchObject({ kind: 'well', mended: [] })
  await expectSound(stage)
})
