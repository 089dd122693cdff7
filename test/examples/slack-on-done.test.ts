import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { messageOf } from '../../examples/slack-on-done/message.ts'
import { PATTERN, slackSecretName } from '../../examples/slack-on-done/subscription.ts'
import { batchOf, captureOutput, exampleEvent, STAGE, startSubscription } from './support.ts'

/** The path is the secret part of such a URL. */
const SECRET_PATH = '/services/T000/B000/not-to-be-seen'

let subscription: Awaited<ReturnType<typeof startSubscription>>
let slack: Awaited<ReturnType<typeof startSlack>>

beforeAll(async () => {
  slack = await startSlack()
  subscription = await startSubscription(PATTERN)
  await subscription.gateway.createSecret({ name: slackSecretName(STAGE), value: `${slack.url}${SECRET_PATH}\n` })
})
beforeEach(() => {
  slack.posts.length = 0
  slack.answers.length = 0
  subscription.stubEnvironment()
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await subscription.close()
  await slack.close()
})

/** A server in Slack's place: answers `ok`, unless the test has laid other answers ready. */
async function startSlack() {
  const posts: { path: string | undefined; text: string }[] = []
  const answers: { status: number; text: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const { status, text } = answers.shift() ?? { status: 200, text: 'ok' }
      if (status === 200) posts.push({ path: request.url, ...JSON.parse(body) })
      response.writeHead(status).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    posts,
    answers,
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The handler as a fresh worker has it: nothing is remembered. */
async function worker() {
  vi.resetModules()
  const { handler } = await import('../../examples/slack-on-done/handler.ts')
  return handler
}

const done = (over = {}) => exampleEvent('task-status-changed', over)

describe('from the bus', () => {
  it('comes what is over now and was not before, and becomes a line in Slack', async () => {
    await subscription.publish([
      exampleEvent('task-name-changed'),
      exampleEvent('task-status-changed.on-creation'),
      done({ changeId: 'again', before: { name: 'shipped', type: 'done' }, after: { name: 'closed', type: 'closed' } }),
      done({ changeId: 'old', origin: 'backfill' }),
      done({ changeId: 'said before', origin: 'replay', replay: { run: 'r', origin: 'webhook' } }),
      done({ changeId: 'first' }),
      done({ changeId: 'born done', before: null, after: { name: 'closed', type: 'closed' } }),
    ])
    const handler = await worker()
    expect(await handler(await subscription.batch(2))).toEqual({ batchItemFailures: [] })
    expect(slack.posts.map(({ text }) => text).sort()).toEqual([
      ':white_check_mark: *<https://app.clickup.com/t/86cx41d2f|Checkout shows dollars in the EU>* is closed by Bilal Haddad',
      ':white_check_mark: *<https://app.clickup.com/t/86cx41d2f|Checkout shows dollars in the EU>* is shipped by Bilal Haddad',
    ])
    expect(slack.posts[0]?.path).toBe(SECRET_PATH)
  })
})

describe('a change', () => {
  it('is posted once by a worker, however often its event comes', async () => {
    const handler = await worker()
    for (const batch of [batchOf(done(), done()), batchOf(done({ publishedAt: 1 }))]) {
      expect(await handler(batch)).toEqual({ batchItemFailures: [] })
    }
    expect(slack.posts).toHaveLength(1)
    await handler(batchOf(done({ changeId: 'another' })))
    expect(slack.posts).toHaveLength(2)
  })

  it('is posted again by a worker that has not heard of it: Slack takes no idempotency key', async () => {
    for (const handler of [await worker(), await worker()]) await handler(batchOf(done()))
    expect(slack.posts).toHaveLength(2)
  })

  it('that Slack refuses comes again, alone, and is posted then', async () => {
    const output = captureOutput()
    slack.answers.push({ status: 429, text: 'rate_limited' })
    const handler = await worker()
    const batch = batchOf(done({ changeId: 'one' }), done({ changeId: 'two' }))
    expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message 0' }] })
    expect(slack.posts).toHaveLength(1)
    expect(output()).toContain('Slack answered 429')
    expect(await handler(batch)).toEqual({ batchItemFailures: [] })
    expect(slack.posts).toHaveLength(2)
  })

  it('that cannot be read is told by its message, and holds back no other', async () => {
    captureOutput()
    const handler = await worker()
    const batch = batchOf({ schemaVersion: 2 }, done())
    expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message 0' }] })
    expect(slack.posts).toHaveLength(1)
  })
})

it("the webhook's URL is in no log line", async () => {
  const output = captureOutput()
  const handler = await worker()
  slack.answers.push({ status: 404, text: 'no_service' })
  await handler(batchOf(done()))
  expect(output()).toContain('no_service')
  expect(output()).not.toContain('not-to-be-seen')
})

describe('the line', () => {
  it('says no more than the event, and leaves nothing to Slack’s markup', () => {
    const task = done().task
    if (task === null) throw new Error('the example has a task')
    const text = messageOf(
      done({ actor: null, task: { ...task, name: '<!channel> A & B|C', url: 'https://app.clickup.com/t/a>b' } }),
    ).text
    expect(text).toBe(':white_check_mark: *<https://app.clickup.com/t/a%3Eb|&lt;!channel&gt; A &amp; B|C>* is shipped')
    expect(messageOf(done({ actor: null, task: null, after: null, omitted: ['after', 'task'] })).text).toBe(
      ':white_check_mark: *Task 86cx41d2f* is done',
    )
  })
})
