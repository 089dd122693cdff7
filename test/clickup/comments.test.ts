import { describe, expect, it } from 'vitest'
import { findComment } from '../../core/clickup/comments.ts'
import { startSmall } from '../local-clickup/support.ts'
import { clientOf } from '../support/clickup-client.ts'
import { answer, upstream } from '../support/upstream.ts'

const everything = { since: 0, pages: 4, isIt: (text: string) => text === 'It' }

async function setUp() {
  const small = await startSmall()
  const { world, actor, list, fake } = small
  const task = world.createTask(actor, { listId: list.id, name: 'Task' })
  const calls: string[] = []
  const clickup = clientOf(fake.url, fake.tokens.service, {
    fetch: (url, init) => {
      calls.push(url)
      return fetch(url, init)
    },
  })
  return { ...small, task, clickup, calls }
}

/** A ClickUp that always answers so. */
const answering = (body: unknown) =>
  clientOf('http://clickup.test/api', 'a-token', { fetch: async () => answer(200, body) })

describe('a comment', () => {
  it('is found on a later page, each page asked for once', async () => {
    const { world, actor, task, clickup, calls } = await setUp()
    const it = world.comment(actor, task.id, 'It')
    for (let i = 0; i < 60; i += 1) world.comment(actor, task.id, `${i}`)
    expect(await findComment(clickup, task.id, everything)).toEqual({ kind: 'found', id: it.id })
    expect(calls).toHaveLength(3)
    expect(new Set(calls).size).toBe(3)
  })

  it.each([0, 24, 25, 26, 50])('that is not there is absent among %i', async (many) => {
    const { world, actor, task, clickup } = await setUp()
    for (let i = 0; i < many; i += 1) world.comment(actor, task.id, `${i}`)
    expect(await findComment(clickup, task.id, everything)).toEqual({ kind: 'absent' })
  })

  it('that may be further down than anybody reads is not called absent', async () => {
    const { world, actor, task, clickup } = await setUp()
    for (let i = 0; i < 101; i += 1) world.comment(actor, task.id, `${i}`)
    expect(await findComment(clickup, task.id, everything)).toEqual({ kind: 'tooMany' })
  })

  it('that cannot be read is passed over, and a page of such is not the last one', async () => {
    const it = { id: 7, comment_text: 'It', date: '1000' }
    const broken = [null, { id: '1' }, 'text', { id: '2', comment_text: 'It', date: 'soon' }]
    expect(await findComment(answering({ comments: [...broken, it] }), 'abc', everything)).toEqual({
      ...{ kind: 'found', id: '7' },
    })
    const page = Array.from({ length: 25 }, () => ({}))
    expect(await findComment(answering({ comments: page }), 'abc', everything)).toEqual({ kind: 'tooMany' })
  })

  it('without a text is not the one that is looked for', async () => {
    const clickup = answering({ comments: [{ id: '1', comment_text: null, date: 1 }] })
    expect(await findComment(clickup, 'abc', everything)).toEqual({ kind: 'absent' })
  })

  it('of a task that is not there is nowhere to be found', async () => {
    const gone = upstream(new Map())
    const clickup = clientOf('http://clickup.test/api', 'a-token', { fetch: gone.fetch })
    expect(await findComment(clickup, 'abc', everything)).toMatchObject({ kind: 'notFound' })
    expect(await findComment(clickup, '../team', everything)).toMatchObject({ kind: 'invalid' })
    expect(gone.calls).toHaveLength(1)
  })
})
