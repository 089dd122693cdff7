import { describe, expect, onTestFinished, test } from 'vitest'
import { startRuntimeApi } from '../../bench/cold-start/runtime-api.ts'

/** Speaks with it as a runtime does. */
async function connected(event: unknown = { body: 'a delivery' }) {
  const api = await startRuntimeApi(event)
  onTestFinished(api.close)
  const base = `http://${api.authority}/2018-06-01/runtime`
  const next = () => fetch(`${base}/invocation/next`)
  const post = (path: string, body: unknown) =>
    fetch(`${base}/${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  const asked = async () => (await next()).headers.get('lambda-runtime-aws-request-id') ?? expect.fail('no request id')
  return { api, next, post, asked }
}

test('gives the event with what a runtime makes its context of', async () => {
  const { next } = await connected()
  const given = await next()
  expect(await given.json()).toEqual({ body: 'a delivery' })
  expect(Object.fromEntries(given.headers)).toMatchObject({
    'lambda-runtime-aws-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    'lambda-runtime-deadline-ms': expect.stringMatching(/^\d{13}$/),
    'lambda-runtime-invoked-function-arn': expect.stringContaining(':function:'),
  })
})

test('takes the answer, and tells when it was asked and answered', async () => {
  const { api, post, asked } = await connected()
  const begun = performance.now()
  const id = await asked()
  expect((await post(`invocation/${id}/response`, { statusCode: 200 })).status).toBe(202)
  const outcome = await api.outcome
  expect(outcome).toMatchObject({ kind: 'answered', answer: { statusCode: 200 } })
  if (outcome.kind !== 'answered') return
  expect(outcome.askedAt).toBeGreaterThanOrEqual(begun)
  expect(outcome.answeredAt).toBeGreaterThan(outcome.askedAt)
})

test('gives one invocation: whoever asks for a second waits until it is closed', async () => {
  const { api, next, post, asked } = await connected()
  const id = await asked()
  const second = next().then(
    () => 'given',
    () => 'closed',
  )
  await post(`invocation/${id}/response`, null)
  await api.close()
  expect(await second).toBe('closed')
})

describe('a function that fails', () => {
  const error = { errorType: 'Error', errorMessage: 'SECRET_NAME is missing', stackTrace: [] }

  test('in its init', async () => {
    const { api, post } = await connected()
    expect((await post('init/error', error)).status).toBe(202)
    expect(await api.outcome).toEqual({ kind: 'failed', during: 'init', message: 'SECRET_NAME is missing' })
  })

  test('in its invocation, whatever it says', async () => {
    const { api, post, asked } = await connected()
    expect((await post(`invocation/${await asked()}/error`, { why: 1 })).status).toBe(202)
    expect(await api.outcome).toEqual({ kind: 'failed', during: 'invocation', message: '{"why":1}' })
  })
})

test('refuses what no runtime says', async () => {
  const { post, asked } = await connected()
  const early = await post('invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response', {})
  const id = await asked()
  const others = [
    await post('invocation/another/response', {}),
    await post(`invocation/${id}/response`, '{'),
    await post('invocation/next', {}),
  ]
  expect([early, ...others].map(({ status }) => status)).toEqual([400, 400, 400, 404])
})
