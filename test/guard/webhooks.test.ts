import { expect, test } from 'vitest'
import { createClickUp } from '../../core/clickup/client.ts'
import { createWebhooks } from '../../core/clickup/webhooks.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { openGate } from '../support/gate.ts'
import { answer } from '../support/upstream.ts'

/** The webhooks of a ClickUp that gives one answer, and what it was asked. */
function webhooks(status: number, body: unknown) {
  const asked: { method: string; path: string; body: unknown }[] = []
  const fetch: Fetch = async (url, { method, body: sent }) => {
    asked.push({
      method: String(method),
      path: new URL(url).pathname,
      body: sent === undefined ? undefined : JSON.parse(String(sent)),
    })
    return answer(status, body)
  }
  const clickup = createClickUp({
    ...{ baseUrl: 'http://clickup.test/api', fetch, clock: { now: () => 0 }, random: () => 0, gate: openGate },
    ...{ token: async () => ({ token: 'a', version: '1' }), sleep: async () => undefined, lane: 'control' },
  })
  return { api: createWebhooks(clickup, '9/1'), asked }
}

const HOOK = {
  ...{ id: 'w1', userid: 1, team_id: 9, endpoint: 'https://hook.example', events: ['*'], secret: 'S' },
  ...{ space_id: null, folder_id: null, list_id: null, task_id: null, health: { status: 'failing', fail_count: '12' } },
}

test('one that cannot be read does not hide the others, and what is missing of one is not made up', async () => {
  const bare = { id: 'w2', endpoint: 'https://bare.example', list_id: 901, health: null }
  const { api } = webhooks(200, { webhooks: [HOOK, { id: 7 }, null, bare] })
  expect(await api.list()).toMatchObject({
    kind: 'ok',
    value: [
      { id: 'w1', events: 'all', whole: true, secret: 'S', status: 'failing', failCount: 12 },
      { id: 'w2', events: 'some', whole: false, secret: '', status: 'active', failCount: 0 },
    ],
  })
})

test('all that ClickUp requires is sent, and an id never becomes another endpoint', async () => {
  const { api, asked } = webhooks(200, { id: 'w1', webhook: HOOK })
  await api.make('https://hook.example', 'keyResultDeleted')
  await api.update('w/1', 'https://hook.example', 'all')
  expect(asked).toEqual([
    {
      ...{ method: 'POST', path: '/api/v2/team/9%2F1/webhook' },
      body: { endpoint: 'https://hook.example', events: ['keyResultDeleted'] },
    },
    {
      ...{ method: 'PUT', path: '/api/v2/webhook/w%2F1' },
      body: { endpoint: 'https://hook.example', events: '*', status: 'active' },
    },
  ])
})

test('a second webhook of one configuration is told from other refusals', async () => {
  const exists = { err: 'Webhook configuration already exists', ECODE: 'OAUTH_171' }
  expect(await webhooks(400, exists).api.make('https://hook.example', 'all')).toEqual({ kind: 'exists' })
  const other = { err: 'no', ECODE: 'INPUT_001' }
  expect(await webhooks(400, other).api.make('https://hook.example', 'all')).toMatchObject({ kind: 'invalid' })
})

test.each([
  [404, { err: 'gone', ECODE: 'ITEM_013' }],
  [401, { err: 'Team not authorized', ECODE: 'OAUTH_027' }],
])('what is gone already counts as removed (%i)', async (status, body) => {
  expect(await webhooks(status, body).api.remove('w1')).toMatchObject({ kind: 'ok' })
})
