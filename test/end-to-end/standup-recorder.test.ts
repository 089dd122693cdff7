import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeClickUp, startFakeClickUp } from '../../local/clickup/server.ts'
import { type Recorder, startRecorder } from '../../local/standup/asked.ts'

let clickup: FakeClickUp
let recorder: Recorder
beforeAll(async () => {
  clickup = await startFakeClickUp({ seed: 1, mostInAList: 1 })
  recorder = await startRecorder(clickup.url)
})
afterAll(async () => {
  await recorder?.close()
  await clickup?.close()
})

const taskId = () => clickup.world.tasks()[0]?.id ?? ''
const comments = () => clickup.world.store.commentIdsByTask.get(taskId())?.length ?? 0
const call = (method: string, path: string, body?: unknown) =>
  fetch(`${recorder.url}${path}`, {
    method,
    headers: { authorization: clickup.tokens.service, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const comment = () => call('POST', `/v2/task/${taskId()}/comment`, { comment_text: 'Hello' })

test('calls and answers are handed on as they are, and written down', async () => {
  const before = comments()
  expect((await comment()).status).toBe(200)
  const user = await call('GET', '/v2/user')
  expect([user.status, user.headers.has('x-ratelimit-remaining')]).toEqual([200, true])
  expect(comments()).toBe(before + 1)
  expect(recorder.asked()).toEqual([
    { method: 'POST', path: `/v2/task/${taskId()}/comment`, status: 200 },
    { method: 'GET', path: '/v2/user', status: 200 },
  ])
})

test.each([
  ['request', 0],
  ['answer', 1],
] as const)('one %s is lost, and none after it', async (what, taken) => {
  const before = comments()
  recorder.lose(what, '/comment')
  expect((await call('GET', `/v2/task/${taskId()}/comment`)).status).toBe(200)
  await expect(comment()).rejects.toThrow()
  expect(recorder.isToLose()).toBe(false)
  expect(comments()).toBe(before + taken)
  expect((await comment()).status).toBe(200)
  expect(comments()).toBe(before + taken + 1)
})
