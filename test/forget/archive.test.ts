import { expect, test } from 'vitest'
import type { ArchivedDelivery } from '../../core/archive/record.ts'
import { bodyOf, createRewriter } from '../../core/forget/archive.ts'
import { FORGOTTEN } from '../../core/forget/subject.ts'

const ID = '4023377'
const aliases = { names: new Set(['Ada Moreau']), emails: new Set(['ada@example.com']) }
const rewriteUser = createRewriter({ kind: 'user', id: ID }, aliases)
const rewriteTask = createRewriter({ kind: 'task', id: '86c1' }, aliases)

const delivery = (body: string, encoding: ArchivedDelivery['encoding'] = 'text'): ArchivedDelivery => ({
  ...{ connection: 'main', slot: 'a', receivedAt: 1, encoding, body },
})
const user = { id: Number(ID), username: 'Ada Moreau', email: 'ada@example.com' }
const told = (over: object) => JSON.stringify({ event: 'taskUpdated', task_id: '86c2', ...over })

test('a person is taken out of a body, in either encoding, and the rest stays', () => {
  const text = told({ history_items: [{ id: '1', field: 'name', user, after: 'Call Ada Moreau' }] })
  for (const one of [delivery(text), delivery(Buffer.from(text).toString('base64'), 'base64')]) {
    const verdict = rewriteUser(one)
    expect(verdict).toMatchObject({ kind: 'put', delivery: { encoding: one.encoding, receivedAt: 1 } })
    expect(verdict.kind === 'put' && bodyOf(verdict.delivery)).toEqual({
      ...{ event: 'taskUpdated', task_id: '86c2' },
      history_items: [{ id: '1', field: 'name', user: FORGOTTEN, after: 'Call [forgotten]' }],
    })
  }
})

test('a comment that names the person goes as a whole', () => {
  const body = (text: string) =>
    told({
      event: 'taskCommentPosted',
      history_items: [{ user: { id: 5, username: 'Bo' }, comment: { text_content: text } }],
    })
  expect(rewriteUser(delivery(body('Thanks @Ada Moreau'))).kind).toBe('drop')
  expect(rewriteUser(delivery(body('Thanks'))).kind).toBe('keep')
})

test('what has nothing to do with it, and what nobody can read, stays as it is', () => {
  expect(rewriteUser(delivery(told({ history_items: [{ user: { id: 5, username: 'Bo' } }] }))).kind).toBe('keep')
  expect(rewriteUser(delivery('{ no JSON')).kind).toBe('keep')
})

test("a task's own deliveries go, and elsewhere what points to it", () => {
  expect(rewriteTask(delivery(told({ task_id: '86c1' }))).kind).toBe('drop')
  const pointing = rewriteTask(delivery(told({ history_items: [{ field: 'parent', before: null, after: '86c1' }] })))
  expect(pointing.kind === 'put' && bodyOf(pointing.delivery)).toMatchObject({ history_items: [{ after: null }] })
  expect(rewriteTask(delivery(told({}))).kind).toBe('keep')
})
