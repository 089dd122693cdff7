import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tell } from '../../core/clickup/changes.ts'
import { CONNECTION } from '../support/connection.ts'
import { delivery, item, taskItem } from '../support/deliveries.ts'

const AT = 1_789_000_000_000
const CONTEXT = { connection: CONNECTION, receivedAt: AT + 500, slim: false }
const told = (body: unknown, over = {}) =>
  tell(typeof body === 'string' ? body : JSON.stringify(body), { ...CONTEXT, ...over })

const changes = (body: unknown, over = {}) => {
  const result = told(body, over)
  if (result.kind !== 'changes') throw new Error(`told ${result.kind}`)
  return result.changes
}
const only = (body: unknown, over = {}) => {
  const [first, ...rest] = changes(body, over)
  if (first === undefined || rest.length > 0) throw new Error('not one change')
  return first
}

const HINTS = [
  ['listCreated', 'list', 'created'],
  ['listDeleted', 'list', 'deleted'],
  ['folderCreated', 'folder', 'created'],
  ['folderUpdated', 'folder', null],
  ['folderDeleted', 'folder', 'deleted'],
  ['spaceCreated', 'space', 'created'],
  ['spaceUpdated', 'space', null],
  ['spaceDeleted', 'space', 'deleted'],
  ['goalCreated', 'goal', 'created'],
  ['goalUpdated', 'goal', null],
  ['goalDeleted', 'goal', 'deleted'],
] as const

const TASK_EVENTS = [
  ['taskCreated', [taskItem.status('1', AT), taskItem.creation('2', AT)]],
  ['taskUpdated', [taskItem.content('1', AT)]],
  ['taskPriorityUpdated', [taskItem.priority('1', AT)]],
  ['taskStatusUpdated', [taskItem.status('1', AT)]],
  ['taskAssigneeUpdated', [taskItem.assignee('1', AT)]],
  ['taskDueDateUpdated', [taskItem.due('1', AT)]],
  ['taskTagUpdated', [taskItem.tag('1', AT)]],
  ['taskMoved', [taskItem.moved('1', AT)]],
  ['taskCommentPosted', [taskItem.comment('1', AT)]],
  ['taskCommentUpdated', [taskItem.comment('1', AT, 'edited')]],
  ['taskTimeEstimateUpdated', [taskItem.estimate('1', AT)]],
  ['taskTimeTrackedUpdated', [taskItem.time('1', AT)]],
] as const

describe('what a delivery tells', () => {
  it.each(TASK_EVENTS)('%s tells its history, item by item', (event, items) => {
    const found = changes(delivery(event, { task_id: 'abc' }, [...items]))
    expect(found.map(({ field }) => field)).toEqual(items.map(({ field }) => field))
    expect(found.every(({ resource }) => resource.kind === 'task' && resource.id === 'abc')).toBe(true)
  })

  it.each(HINTS)('%s without history is a hint at the %s', (event, kind, says) => {
    for (const items of [undefined, []]) {
      expect(told(delivery(event, { [`${kind}_id`]: '5' }, items))).toEqual({
        kind: 'hint',
        resource: { kind, id: '5' },
        says,
      })
    }
  })

  it.each(['keyResultCreated', 'keyResultUpdated', 'keyResultDeleted'])('%s is a hint at its goal', (event) => {
    expect(told(delivery(event, { goal_id: 'g1', key_result_id: 'k1' }))).toEqual({
      kind: 'hint',
      resource: { kind: 'goal', id: 'g1' },
      says: null,
    })
  })

  it('taskDeleted is a deletion, with history items missing or empty', () => {
    for (const items of [undefined, []]) {
      expect(told(delivery('taskDeleted', { task_id: 'abc' }, items))).toEqual({
        kind: 'deletion',
        resource: { kind: 'task', id: 'abc' },
      })
    }
  })

  it('any other task event without history is a hint', () => {
    expect(told(delivery('taskUpdated', { task_id: 'abc' }, []))).toMatchObject({ kind: 'hint', says: null })
  })

  it('listUpdated tells the history of the list', () => {
    const renamed = item('8a2f82db-7718-4fdb-9493-4849e67f009d', 'name', AT, { type: 6, before: 'Old', after: 'New' })
    expect(only(delivery('listUpdated', { list_id: '901' }, [renamed]))).toMatchObject({
      resource: { kind: 'list', id: '901' },
      field: 'name',
      before: 'Old',
      after: 'New',
      at: AT,
    })
  })

  it('keeps an event that nobody knows, and an unknown field', () => {
    expect(
      only(delivery('whiteboardShared', { whiteboard_id: 'wb1', with: { email: 'kim@example.test', level: 2 } })),
    ).toMatchObject({
      resource: { kind: 'whiteboard', id: 'wb1' },
      field: 'event',
      after: { event: 'whiteboardShared', with: { level: 2 } },
    })
    expect(only(delivery('somethingNew', {}))).toMatchObject({ resource: { kind: 'workspace', id: '9001' } })
    expect(
      only(delivery('taskUpdated', { task_id: 'abc' }, [item('1', 'mood', AT, { after: { happy: true } })])),
    ).toMatchObject({
      field: 'mood',
      after: { happy: true },
    })
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['nothing', ''],
    ['no event', '{"task_id":"abc"}'],
    ['no id', '{"event":"taskUpdated","history_items":[]}'],
    ['an id that is a path', '{"event":"taskUpdated","task_id":"../../team"}'],
    [
      'an unsigned automation body',
      '{"auto_id":"x:main","trigger_id":"y","date":"2026-01-01T00:00:00Z","payload":{"id":"abc"}}',
    ],
  ])('calls %s malformed and does not throw', (_, body) => {
    expect(told(body).kind).toBe('malformed')
  })

  it('says in one line what of a delivery is wrong, and nothing of what it holds', () => {
    const body = { event: 'x'.repeat(101), history_items: 'kim@example.test' }
    expect(told(body)).toEqual({ kind: 'malformed', reason: 'the body is no delivery, by event, history_items' })
    expect(told([])).toEqual({ kind: 'malformed', reason: 'the body is no delivery, by the whole' })
  })

  it('keeps no half of a character, which no table and no bus takes, and every whole one', () => {
    const body = JSON.stringify(delivery('taskUpdated', { task_id: 'abc' }, [item('1', 'name', AT, { after: 'NAME' })]))
    expect(only(body.replace('NAME', String.raw`cut \ud83d`)).after).toBe('cut \ufffd')
    expect(only(body.replace('NAME', String.raw`whole \ud83d\ude00`)).after).toBe('whole \u{1f600}')
  })

  it('calls what is nested deeper than the stack malformed', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const body = `{"event":"taskCommentPosted","task_id":"abc","history_items":[{"id":"1","field":"comment","comment":{"comment":${deep}}}]}`
    expect(told(body).kind).toBe('malformed')
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('taskUpdated', 'listUpdated', 'goalUpdated', 'x'), (json, event) => {
        told(json)
        told(`{"event":"${event}","task_id":"abc","list_id":"1","goal_id":"g","history_items":[${json}]}`)
        told(
          `{"event":"${event}","task_id":"abc","history_items":[{"id":"1","field":"status","date":${json},"before":${json},"after":${json}}]}`,
        )
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('the identity of a change', () => {
  it('is the same for the twin events and another webhook', () => {
    const one = only(delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('1', AT)]))
    const twin = only({
      ...delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', AT)]),
      webhook_id: 'other',
    })
    expect(twin).toEqual(one)
  })

  it('tells a posted comment from its edits, which reuse id, date and values', () => {
    const ids = ['Hello', 'Hello!', 'Hello?'].map(
      (text) => only(delivery('taskCommentUpdated', { task_id: 'abc' }, [taskItem.comment('1', AT, text)])).id,
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('differs by resource, history item and field', () => {
    const ids = [
      delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', AT)]),
      delivery('taskUpdated', { task_id: 'abd' }, [taskItem.status('1', AT)]),
      delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('2', AT)]),
      delivery('taskUpdated', { task_id: 'abc' }, [taskItem.creation('1', AT)]),
    ].map((body) => only(body).id)
    expect(new Set(ids).size).toBe(4)
  })
})

describe('the values of a change', () => {
  it.each([
    ['status', taskItem.status('1', AT), { name: 'to do', type: 'open' }, { name: 'in progress', type: 'custom' }],
    ['priority', taskItem.priority('1', AT), null, { id: '2', name: 'high' }],
    ['assignee_add', taskItem.assignee('1', AT), null, { id: '184', name: 'Sam' }],
    ['assignee_rem', taskItem.unassign('1', AT), { id: '184', name: 'Sam' }, null],
    ['due_date', taskItem.due('1', AT), 1_788_000_000_000, 1_790_000_000_000],
    ['tag', taskItem.tag('1', AT), null, ['urgent']],
    ['time_estimate', taskItem.estimate('1', AT), null, 7_200_000],
    ['comment', taskItem.comment('1', AT), null, { id: '648893191' }],
    ['custom_field', taskItem.dropdown('1', AT), null, { id: 'b0000000-0000-4000-8000-000000000002', name: 'Yearly' }],
    [
      'time_spent',
      taskItem.time('1', AT),
      null,
      { id: '28008', startAt: AT - 900_000, endAt: AT, durationMs: 900_000 },
    ],
    [
      'section_moved',
      taskItem.moved('1', AT),
      { list: { id: '900', name: 'Inbox' }, folder: { id: '800', name: 'hidden' }, space: { id: '701', name: 'Team' } },
      {
        list: { id: '901', name: 'Roadmap' },
        folder: { id: '801', name: 'Product' },
        space: { id: '701', name: 'Team' },
      },
    ],
  ])('of %s are in our own terms', (_, one, before, after) => {
    expect(only(delivery('taskUpdated', { task_id: 'abc' }, [one]))).toMatchObject({ before, after })
  })

  it('of a status that was never there is null', () => {
    const created = item('1', 'status', AT, {
      before: { status: null, color: '#000000', type: 'removed', orderindex: -1 },
      after: { status: 'to do', color: '#f9d900', orderindex: 0, type: 'open' },
    })
    expect(only(delivery('taskCreated', { task_id: 'abc' }, [created])).before).toBeNull()
  })

  it('hold comment texts and e-mail addresses only where configured', () => {
    const body = delivery('taskCommentPosted', { task_id: 'abc' }, [taskItem.comment('1', AT)])
    expect(JSON.stringify(only(body))).not.toMatch(/Looks good|@/)
    const connection = { ...CONNECTION, storeComments: true, storeEmails: true }
    const open = only(body, { connection })
    expect(open.after).toEqual({ id: '648893191', text: 'Looks good' })
    expect(open.actor).toEqual({ id: '183', name: 'Kim', email: 'kim@example.test' })
  })

  it('that are too large are left out with length and hash', () => {
    const big = item('1', 'content', AT, { after: 'x'.repeat(100_000) })
    expect(only(delivery('taskUpdated', { task_id: 'abc' }, [big])).after).toMatchObject({
      omitted: 'too large',
      bytes: 100_002,
    })
  })

  it('come with names of people and fields that are cut where they are none any more', () => {
    const endless = '\u{1F600}'.repeat(200_001)
    const one = item('1', 'custom_field', AT, {
      user: { id: 1, username: `x${endless}` },
      custom_field: { id: 'f1', name: endless, type: endless },
    })
    const change = only(delivery('taskUpdated', { task_id: 'abc' }, [one]))
    expect(change.actor?.name).toBe(`x${endless.slice(0, 498)}\uFFFD`)
    expect(change.customField).toEqual({ id: 'f1', name: endless.slice(0, 500), type: endless.slice(0, 500) })
  })

  it('of a delivery too large for the queue are marked as lost', () => {
    const body = {
      ...delivery('taskUpdated', { task_id: 'abc' }, [{ id: '1', field: 'status', date: String(AT) }]),
      slim: true,
    }
    const slim = only(body, { slim: true })
    expect(slim).toMatchObject({ before: { omitted: 'too large' }, after: { omitted: 'too large' } })
    expect(slim.id).toBe(only(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', AT)])).id)
  })

  it('without a readable time sort by version and happened when they came in', () => {
    const [change] = changes(delivery('taskUpdated', { task_id: 'abc' }, [item('1', 'status', 'soon')]))
    expect(change).toMatchObject({ at: AT + 500, order: 'v000000000000' })
  })
})
