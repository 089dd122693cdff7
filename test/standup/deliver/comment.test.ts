import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { answer } from '../../support/upstream.ts'
import { setUpDelivery } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const TEXT = 'What happened\n\n• Nothing.'
const MARK = /\n\nHookline · platform · 2026-03-16 · v1 · #[0-9a-f]{10}$/

async function setUp(intercept?: Fetch) {
  const its = await setUpDelivery(embedded, intercept)
  return { ...its, write: () => its.run({ comment: { taskId: its.task.id, text: TEXT } }) }
}

/** Answers posts in this way, and everything else as it is. */
const posts =
  (act: (send: () => Promise<Response>, n: number) => Promise<Response>): Fetch =>
  (url, init) => {
    if (init.method !== 'POST') return fetch(url, init)
    n += 1
    return act(() => fetch(url, init), n)
  }
let n = 0
const once = (act: (send: () => Promise<Response>) => Promise<Response>): Fetch => {
  n = 0
  return posts((send, nth) => (nth === 1 ? act(send) : send()))
}

describe('a comment', () => {
  it('is one call to ClickUp, and ends with the mark', async () => {
    const { write, calls, comments, task } = await setUp()
    const { delivered, outputs } = await write()
    expect(delivered).toEqual({ kind: 'delivered' })
    expect(outputs.comment).toMatchObject({ stage: 'done', id: expect.stringMatching(/^\d+$/) })
    expect(calls).toEqual([`POST /task/${task.id}/comment`])
    expect(comments()).toEqual([expect.stringMatching(MARK)])
    expect(comments()[0]).toContain(TEXT)
  })

  it('that ClickUp took without saying so is found, and not written again', async () => {
    const { write, calls, comments, clock, task } = await setUp(
      once(async (send) => {
        await send()
        return answer(502, {})
      }),
    )
    expect((await write()).delivered).toEqual({
      ...{ kind: 'again', inSeconds: 30 },
      reason: expect.stringContaining('look before'),
    })
    // Too early: what ClickUp took may not be shown yet.
    clock.advance(29_000)
    expect((await write()).delivered).toMatchObject({ kind: 'again', inSeconds: 1 })
    expect(calls).toHaveLength(1)
    clock.advance(1_000)
    const { delivered, outputs } = await write()
    expect(delivered).toEqual({ kind: 'delivered' })
    expect(outputs.comment).toMatchObject({ stage: 'done', id: expect.stringMatching(/^\d+$/) })
    expect(calls.slice(1)).toEqual([`GET /task/${task.id}/comment`])
    expect(comments()).toHaveLength(1)
  })

  it('that ClickUp did not take is written when that is known', async () => {
    const { write, calls, comments, clock } = await setUp(once(async () => answer(502, {})))
    await write()
    expect(comments()).toEqual([])
    clock.advance(30_000)
    expect((await write()).delivered).toEqual({ kind: 'delivered' })
    expect(comments()).toHaveLength(1)
    expect(calls.map((call) => call.slice(0, 4))).toEqual(['POST', 'GET ', 'POST'])
  })

  it('is found however ClickUp has wrapped it, and under many newer ones', async () => {
    const { write, comments, clock, world, actor, task, calls } = await setUp(
      once(async (send) => {
        await send()
        return answer(502, {})
      }),
    )
    await write()
    const [id] = world.store.comments.keys()
    if (id === undefined) throw new Error('no comment')
    world.editComment(actor, id, `${(comments()[0] ?? '').replace(/ · /g, '\u00a0·\n').trim()}  \n`)
    for (let i = 0; i < 60; i += 1) world.comment(actor, task.id, `Thanks ${i}`)
    clock.advance(30_000)
    expect((await write()).delivered).toEqual({ kind: 'delivered' })
    expect(comments()).toHaveLength(61)
    expect(calls.filter((call) => call.startsWith('GET'))).toHaveLength(3)
  })

  it('is not taken for that of another occasion', async () => {
    const { write, comments, clock, world, actor, task } = await setUp(once(async () => answer(502, {})))
    world.comment(actor, task.id, 'Hookline · platform · 2026-03-15 · v1 · #0123456789')
    await write()
    clock.advance(30_000)
    await write()
    expect(comments()).toEqual([expect.anything(), expect.stringMatching(MARK)])
  })

  it('that nobody can find among too many is never written twice, and says so', async () => {
    const { write, clock, world, actor, task, comments } = await setUp(once(async () => answer(502, {})))
    await write()
    for (let i = 0; i < 501; i += 1) world.comment(actor, task.id, `${i}`)
    clock.advance(30_000)
    expect((await write()).outputs.comment).toMatchObject({
      stage: 'failed',
      reason: expect.stringContaining('look at the task'),
    })
    expect(comments()).toHaveLength(501)
  })

  it('is looked for no further back than it can have been written', async () => {
    const { write, clock, world, actor, task, calls } = await setUp(once(async () => answer(502, {})))
    world.inThePast(clock.now() - 86_400_000, () => {
      for (let i = 0; i < 100; i += 1) world.comment(actor, task.id, `${i}`)
    })
    await write()
    clock.advance(30_000)
    await write()
    expect(calls.filter((call) => call.startsWith('GET'))).toHaveLength(1)
  })

  it.each([
    ['there is no such task', 404, { err: 'Task not found', ECODE: 'ITEM_013' }, 'shows no task'],
    ['ClickUp refuses it', 400, { err: 'Comment is too long', ECODE: 'INPUT_005' }, 'INPUT_005'],
  ])('is given up when %s', async (_, status, body, reason) => {
    const { write, calls } = await setUp(once(async () => answer(status, body)))
    expect(await write()).toMatchObject({
      delivered: { kind: 'delivered' },
      outputs: { comment: { stage: 'failed', reason: expect.stringContaining(reason) } },
    })
    expect(calls).toHaveLength(1)
  })

  it('waits for a token that is accepted, less and less often, and is then written at once', async () => {
    n = 0
    const dead = posts(async (send, nth) =>
      nth <= 3 ? answer(401, { err: 'Token invalid', ECODE: 'OAUTH_025' }) : send(),
    )
    const { write, comments, calls } = await setUp(dead)
    const waits: unknown[] = []
    for (let i = 0; i < 3; i += 1) waits.push((await write()).delivered)
    expect(waits).toMatchObject([60, 300, 900].map((inSeconds) => ({ kind: 'again', inSeconds })))
    expect((await write()).delivered).toEqual({ kind: 'delivered' })
    expect(comments()).toHaveLength(1)
    // It was never taken, so nobody had to look.
    expect(calls.every((call) => call.startsWith('POST'))).toBe(true)
  })

  it('waits for the budget as long as it takes', async () => {
    const { write, comments, clock } = await setUp(
      once(async () => answer(429, { err: 'Rate limit reached', ECODE: 'APP_002' })),
    )
    const { delivered } = await write()
    expect(delivered).toMatchObject({ kind: 'again', reason: expect.stringContaining('budget') })
    clock.advance(60_000)
    await write()
    expect(comments()).toHaveLength(1)
  })

  it('is written without a text of any form in the answer', async () => {
    const { write, comments } = await setUp(
      once(async (send) => {
        await send()
        return new Response('["ok"]', { status: 200 })
      }),
    )
    expect(await write()).toMatchObject({ outputs: { comment: { stage: 'done', id: null } } })
    expect(comments()).toHaveLength(1)
  })
})
