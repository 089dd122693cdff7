import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Delivery, readDelivery } from '../../core/ingest/delivery.ts'
import { changeId, commentHash, contentHashOf } from '../../core/ingest/identity.ts'
import { slimForm } from '../../core/ingest/slim.ts'
import { commentItem, historyItem, taskDelivery } from './deliveries.ts'

fc.configureGlobal({ seed: 20_260_101 })

const LIMIT = 1_000_000

function read(text: string): Delivery {
  const result = readDelivery(text)
  if (result.kind === 'unreadable') throw new Error(result.reason)
  return result.delivery
}

/** The ids of a delivery's changes, as anyone derives them from a body. */
const idsOf = (delivery: Delivery) =>
  delivery.history_items.map((item) =>
    changeId({
      resourceKind: 'task',
      resourceId: String(delivery.task_id),
      historyId: String(item.id),
      field: String(item.field),
      contentHash: contentHashOf(item, delivery.slim === true),
    }),
  )

const json = fc.jsonValue({ maxDepth: 3 })
const anyItem = fc
  .record(
    {
      id: fc.oneof(fc.string({ unit: 'binary' }), fc.nat()),
      field: fc.oneof(fc.constantFrom('comment', 'status', 'custom_field'), fc.string()),
      date: fc.string(),
      parent_id: json,
      user: json,
      before: json,
      after: json,
      content_hash: json,
      comment: fc.oneof(
        json,
        fc.record(
          { id: fc.string(), text_content: fc.oneof(json, fc.string({ unit: 'binary' })), comment: json },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: ['id', 'field'] },
  )
  .map((item) => ({ ...item }))

describe('the slim form', () => {
  it('gives every change the identity that the full form gives it', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 5 }), (items) => {
        const full = read(JSON.stringify(taskDelivery('taskUpdated', items)))
        const slim = read(slimForm(full, LIMIT))
        expect(slim.slim).toBe(true)
        expect(idsOf(slim)).toEqual(idsOf(full))
      }),
    )
  })

  it('keeps who, when, where and which, and drops what may be large', () => {
    const field = { id: 'f1', name: 'Size', type: 'drop_down', type_config: { options: [{ id: 'o1' }] } }
    const items = [historyItem({ field: 'custom_field', custom_field: field }), commentItem('hello')]
    const slim: unknown = JSON.parse(slimForm(read(JSON.stringify(taskDelivery('taskUpdated', items))), LIMIT))
    const kept = { id: items[0]?.id, date: '1760000000000', parent_id: '901', user: { id: 4711, username: 'Ada' } }
    expect(slim).toEqual({
      ...taskDelivery('taskUpdated', [
        { ...kept, field: 'custom_field', custom_field: { id: 'f1', name: 'Size', type: 'drop_down' } },
        {
          ...kept,
          field: 'comment',
          comment: { id: '77' },
          content_hash: commentHash({ text_content: 'hello', comment: [{ text: 'hello' }] }),
        },
      ]),
      slim: true,
    })
  })

  it('becomes a hint when the items alone are too many', () => {
    const items = Array.from({ length: 50 }, (_, index) => historyItem({ id: String(index) }))
    const full = read(JSON.stringify(taskDelivery('taskUpdated', items)))
    expect(JSON.parse(slimForm(full, 1_000))).toEqual({ ...taskDelivery('taskUpdated', []), slim: true })
  })

  it('always fits, also for a body that could not be read or whose ids are absurd', () => {
    const absurd = read(JSON.stringify({ ...taskDelivery(), task_id: 'x'.repeat(5_000) }))
    for (const delivery of [null, absurd]) {
      expect(JSON.parse(slimForm(delivery, 1_000))).toEqual({ history_items: [], slim: true })
    }
  })

  it('survives a comment nested deeper than the stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const full = read(JSON.stringify(taskDelivery('taskUpdated', [commentItem('x', 'DEEP')])).replace('"DEEP"', deep))
    expect(JSON.parse(slimForm(full, LIMIT))).toMatchObject({
      event: 'taskUpdated',
      task_id: '86abc',
      history_items: [],
    })
  })

  it('holds no character that a queue refuses', () => {
    const full = read(JSON.stringify(taskDelivery('taskUpdated', [historyItem({ id: 'a\uFFFEb\uFFFFc\u0001' })])))
    const text = slimForm(full, LIMIT)
    expect(text).not.toMatch(/[\uFFFE\uFFFF]/)
    expect(read(text).history_items[0]?.id).toBe('a\uFFFEb\uFFFFc\u0001')
  })
})

describe('the identity of a change', () => {
  const base = { resourceKind: 'task', resourceId: '1', historyId: '2', field: 'status', contentHash: null }

  it('is the hash of a tuple, so that parts cannot run into each other', () => {
    // sha256 of ["task","1","2","status",null], computed with sha256sum.
    expect(changeId(base)).toBe('85c54e1475e1c37d9e66f043910699f7af690091b0d586ab6cb5e5d93954f94a')
    expect(changeId({ ...base, resourceId: '12', historyId: '' })).not.toBe(changeId({ ...base, resourceId: '1' }))
    expect(changeId({ ...base, contentHash: 'null' })).not.toBe(changeId(base))
  })

  it('differs between a comment and its edit, in text or in rich parts', () => {
    const hashes = [commentItem('a'), commentItem('b'), commentItem('a', [{ text: 'a', attributes: { bold: true } }])]
    expect(new Set(hashes.map((item) => contentHashOf(item, false))).size).toBe(3)
  })

  it('does not believe a content hash that did not come from us', () => {
    const item = { ...commentItem('a'), content_hash: 'x' }
    expect(contentHashOf(item, false)).toBe(contentHashOf(commentItem('a'), false))
    expect(contentHashOf(historyItem({ content_hash: 'x' }), true)).toBeNull()
  })
})
