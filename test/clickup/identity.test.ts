import { describe, expect, it } from 'vitest'
import { deletionOf, ownChange, type Told, tell } from '../../core/clickup/changes.ts'
import { resourceOf } from '../../core/clickup/resource.ts'
import { changeId, commentHash, contentHashOf } from '../../core/ingest/identity.ts'
import type { Change } from '../../core/ledger/change.ts'
import { CONNECTION } from '../support/connection.ts'
import { delivery, item, taskItem } from '../support/deliveries.ts'

const AT = 1_789_000_000_000
const told = (body: unknown, over = {}): Told =>
  tell(JSON.stringify(body), { connection: CONNECTION, receivedAt: AT + 500, slim: false, ...over })

function only(body: unknown, over = {}): Change {
  const result = told(body, over)
  if (result.kind !== 'changes' || result.changes[0] === undefined) throw new Error(`told ${result.kind}`)
  return result.changes[0]
}
const ofTask = (...items: Record<string, unknown>[]) => delivery('taskUpdated', { task_id: 'abc' }, items)
const named = (event: string, body: Record<string, unknown>) =>
  resourceOf({ event, body: { event, ...body }, items: [], unreadableItems: 0 })

/** Ledgers are full of them, and subscribers remember them: each was computed with openssl from the tuple in the comment. */
describe('an id that stands in ledgers stays what it is', () => {
  it('of a history item', () => {
    // ["task","abc","1","status",null]
    const id = 'cfbfc12f5f833af64ed655eec40a1d029e477c0d0cbcf72877164a99e4cdddc0'
    expect(
      changeId({ resourceKind: 'task', resourceId: 'abc', historyId: '1', field: 'status', contentHash: null }),
    ).toBe(id)
    expect(only(ofTask(taskItem.status('1', AT))).id).toBe(id)
  })

  it('of a comment', () => {
    // ["Hello",[{"text":"Hello"}]] and ["task","abc","1","comment",<its hash>]
    const hash = '1f8013784e2a22bd5fce126f79bf33e71c33adb567092b87474400dc174b5f37'
    const comment = { text_content: 'Hello', comment: [{ text: 'Hello' }], date: '1' }
    expect(commentHash(comment)).toBe(hash)
    expect(only(ofTask(item('1', 'comment', AT, { comment }))).id).toBe(
      '408b66f637e6de55226d1c35ab0baffb06bf10b3ec8abf467def894787ca8aca',
    )
  })

  it('of a deletion, by the life that it ended', () => {
    // ["task","abc","incarnation 2","deletion",null]
    const context = { connection: CONNECTION, receivedAt: AT }
    expect(deletionOf({ kind: 'task', id: 'abc' }, 2, context)).toEqual({
      id: 'cbe58ebbb6e9aefa727771324cc55be5ef43c937f8d3584f675eeaeb521e0e6c',
      ...{ connection: 'main', resource: { kind: 'task', id: 'abc' }, field: 'deletion', customField: null },
      ...{ before: null, after: null, at: AT, atEarliest: AT, order: 'v000000000002', actor: null },
      ...{ origin: 'webhook', receivedAt: AT, listId: null },
    })
    const ids = [0, 1, 2].map((life) => deletionOf({ kind: 'task', id: 'abc' }, life, context).id)
    expect(new Set(ids).size).toBe(3)
  })

  it('of an event that nobody knows, by its body without the webhook', () => {
    // ["whiteboard","wb1",<hash of {"event":"whiteboardShared","whiteboard_id":"wb1","team_id":"9001"}>,"event",null]
    const id = 'dbf7be3fb4d143fb5ee01aa5b3e21c2a5383d43546ff09f68ac26788e4a88218'
    const body = { event: 'whiteboardShared', whiteboard_id: 'wb1', team_id: '9001' }
    expect(only(body).id).toBe(id)
    expect(only({ ...body, webhook_id: 'another' })).toMatchObject({ id, order: 'v000000000000', at: AT + 500 })
    expect(only({ ...body, level: 2 }).id).not.toBe(id)
  })

  it('of a change that was found, by resource, field and what it started from', () => {
    const found = {
      ...{ connection: CONNECTION, resource: { kind: 'task', id: 'abc' }, field: 'status', origin: '1', version: 3 },
      ...{ at: AT, receivedAt: AT },
    }
    expect(ownChange(found).id).toBe('cfbfc12f5f833af64ed655eec40a1d029e477c0d0cbcf72877164a99e4cdddc0')
    const others = [
      { resource: { kind: 'list', id: 'abc' } },
      { resource: { kind: 'task', id: 'b' } },
      { field: 'x' },
      { origin: '2' },
    ]
    const ids = [{}, ...others].map((other) => ownChange({ ...found, ...other }).id)
    expect(new Set(ids).size).toBe(5)
  })
})

describe('the content of a comment', () => {
  const comment = { text_content: 'Hello', comment: [{ text: 'Hello' }] }

  it('counts for comments alone', () => {
    expect(contentHashOf({ field: 'status', comment }, false)).toBeNull()
    expect(contentHashOf({ field: 'status', content_hash: 'h' }, true)).toBeNull()
    expect(contentHashOf({ field: 'comment', comment }, false)).toBe(commentHash(comment))
  })

  it('comes ready from a slim form, and from nobody else who says that he has it', () => {
    expect(contentHashOf({ field: 'comment', content_hash: 'h' }, true)).toBe('h')
    expect(contentHashOf({ field: 'comment', content_hash: 'h', comment }, false)).toBe(commentHash(comment))
    expect(contentHashOf({ field: 'comment', content_hash: 5, comment }, true)).toBe(commentHash(comment))
    expect(contentHashOf({ field: 'comment', comment }, true)).toBe(commentHash(comment))
  })

  it('differs by text and by parts, and may be missing in any way', () => {
    const ids = [comment, { ...comment, text_content: 'Bye' }, { ...comment, comment: [] }, {}].map(commentHash)
    expect(new Set(ids).size).toBe(4)
    for (const none of [undefined, null, 'text', 7]) expect(commentHash(none)).toBe(commentHash({}))
  })
})

describe('what a delivery says of a change beside its values', () => {
  it('is when it happened, in which place of the history, and who told of it', () => {
    expect(only(ofTask(taskItem.status('1', AT)))).toMatchObject({
      ...{ at: AT, atEarliest: AT, order: String(AT), origin: 'webhook', receivedAt: AT + 500, listId: '901' },
      ...{ connection: 'main', customField: null },
    })
    expect(only(ofTask(item('1', 'status', 'soon')))).toMatchObject({ at: AT + 500, atEarliest: AT + 500 })
  })

  it('is the list of a task, and of nothing else', () => {
    expect(only(ofTask(item('1', 'status', AT, { parent_id: undefined }))).listId).toBeNull()
    expect(only(delivery('listUpdated', { list_id: '901' }, [item('1', 'name', AT)])).listId).toBeNull()
  })

  it('is which custom field it was, where it was one and can be read', () => {
    const field = { id: 'f1', name: 'Plan', type: 'text' }
    expect(only(ofTask(item('1', 'custom_field', AT, { custom_field: field }))).customField).toEqual(field)
    expect(only(ofTask(item('1', 'status', AT, { custom_field: field }))).customField).toBeNull()
    expect(only(ofTask(item('1', 'custom_field', AT, { custom_field: 'Plan' }))).customField).toBeNull()
  })

  it('is the other id of a time entry', () => {
    const tracked = (data: unknown) =>
      only({ ...delivery('taskTimeTrackedUpdated', { task_id: 'abc' }, [taskItem.time('1', AT)]), data }).after
    expect(tracked({ interval_id: '777' })).toMatchObject({ id: '28008', intervalId: '777' })
    for (const data of [{}, null, { interval_id: {} }]) expect(tracked(data)).not.toHaveProperty('intervalId')
  })

  it('is that there was more than could be read', () => {
    const readable = taskItem.status('1', AT)
    expect(told(ofTask(readable))).toMatchObject({ kind: 'changes', incomplete: false })
    expect(told(ofTask(readable, { id: '2' }))).toMatchObject({ kind: 'changes', incomplete: true })
    expect(told({ event: 'whiteboardShared', whiteboard_id: 'wb1' })).toMatchObject({ incomplete: false })
  })

  it('is why it cannot be read', () => {
    expect(told({ event: 'taskUpdated' })).toEqual({ kind: 'malformed', reason: 'task_id is missing or no id' })
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const body = `{"event":"taskUpdated","task_id":"abc","history_items":[{"id":"1","field":"comment","comment":{"comment":${deep}}}]}`
    expect(tell(body, { connection: CONNECTION, receivedAt: AT, slim: false })).toEqual({
      ...{ kind: 'malformed', reason: 'nested too deeply' },
    })
  })

  it('is not said to be ClickUp’s fault where it is ours', () => {
    const broken = Object.defineProperty({ ...CONNECTION }, 'name', {
      get: () => {
        throw new TypeError('ours')
      },
    })
    expect(() => told(ofTask(taskItem.status('1', AT)), { connection: broken })).toThrow('ours')
  })
})

describe('the resource of a delivery', () => {
  it.each([
    ['taskUpdated', 'task_id', 'task'],
    ['listUpdated', 'list_id', 'list'],
    ['folderUpdated', 'folder_id', 'folder'],
    ['spaceUpdated', 'space_id', 'space'],
    ['goalUpdated', 'goal_id', 'goal'],
    ['keyResultUpdated', 'goal_id', 'goal'],
  ])('of %s is named by %s, and by nothing else', (event, key, kind) => {
    expect(named(event, { doc_id: 'd', [key]: 'abc' })).toEqual({ kind: 'known', resource: { kind, id: 'abc' } })
    for (const wrong of [undefined, null, '', '../team', {}]) {
      expect(named(event, { doc_id: 'd', [key]: wrong })).toEqual({
        ...{ kind: 'malformed', reason: `${key} is missing or no id` },
      })
    }
  })

  it.each([
    ['a kind that nobody knows', { doc_id: 'd1' }, 'unknown', { kind: 'doc', id: 'd1' }],
    ['a kind that is known', { task_id: 'abc' }, 'known', { kind: 'task', id: 'abc' }],
    ['the first that is an id', { doc_id: {}, page_id: 'p1' }, 'unknown', { kind: 'page', id: 'p1' }],
    [
      'neither webhook nor workspace',
      { webhook_id: 'w', team_id: '9', doc_id: 'd1' },
      'unknown',
      { kind: 'doc', id: 'd1' },
    ],
    [
      'no key that only looks like one',
      { '9doc_id': 'x', doc_id_old: 'x', DOC_id: 'x', team_id: '9' },
      'unknown',
      { kind: 'workspace', id: '9' },
    ],
    ['no key of any length', { [`${'d'.repeat(32)}_id`]: 'x' }, 'unknown', { kind: 'workspace', id: 'unknown' }],
    ['the workspace, where nothing else is named', { team_id: '9001' }, 'unknown', { kind: 'workspace', id: '9001' }],
    ['nothing, where the workspace is no id either', { team_id: {} }, 'unknown', { kind: 'workspace', id: 'unknown' }],
  ])('of an event that nobody knows is %s', (_, body, kind, resource) => {
    expect(named('somethingNew', body)).toEqual({ kind, resource })
  })
})
