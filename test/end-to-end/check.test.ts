import { expect, test } from 'vitest'
import { changeId } from '../../core/ingest/identity.ts'
import type { ChangeEvent } from '../../core/publish/event.ts'
import type { TruthChange } from '../../local/clickup/truth.ts'
import { check } from '../../local/start/check.ts'
import { expectedOf } from '../../local/start/expected.ts'
import type { Arrival } from '../../local/start/subscriber.ts'
import { arrival, fresh } from './support/arrival.ts'

const truth = (change: Partial<TruthChange>): TruthChange => ({
  ...{ seq: fresh(), kind: 'item', mutation: 'act', date: 1_767_225_600_000, actor: 1 },
  ...{ resource: { kind: 'task', id: 't1' }, historyId: '1', field: 'status', events: ['taskUpdated'] },
  ...{ before: null, after: null, comment: null, customField: null, incarnation: null },
  deliveries: [{ deliveryId: 'd1', webhookId: 'w', event: 'taskUpdated', fate: 'delivered' }],
  ...change,
})

const idOf = (historyId: string, field = 'status', contentHash: string | null = null) =>
  changeId({ resourceKind: 'task', resourceId: 't1', historyId, field, contentHash })

const outcome = (changes: TruthChange[], arrivals: Arrival[], unreadable: string[] = []) => {
  const { missing, extra, ...counts } = check(expectedOf(changes), arrivals, unreadable)
  return { ...counts, missing: missing.length, extra: extra.length }
}

test('what happened and came out once is right', () => {
  expect(outcome([truth({})], [arrival({ changeId: idOf('1') })])).toEqual({
    ...{ changes: 1, published: 1, republished: 0, missing: 0, extra: 0 },
  })
})

test('what happened and did not come out is missing', () => {
  expect(outcome([truth({}), truth({ historyId: '2' })], [arrival({ changeId: idOf('2') })])).toMatchObject({
    ...{ changes: 2, missing: 1, extra: 0 },
  })
})

test('what came out and never happened is extra, and so is what is no event at all', () => {
  expect(outcome([], [arrival({})], ['detail: missing'])).toMatchObject({ missing: 0, extra: 2 })
})

test('what came out again is extra: nothing has crashed', () => {
  const twice = [arrival({ changeId: idOf('1') }), arrival({ changeId: idOf('1') })]
  expect(outcome([truth({})], twice)).toEqual({ changes: 1, published: 1, republished: 1, missing: 0, extra: 1 })
})

test.each([
  ['lost', 0],
  ['dropped', 1],
] as const)('a change whose deliveries were %s is missing %i times', (fate, missing) => {
  const deliveries: TruthChange['deliveries'] = [{ deliveryId: 'd1', webhookId: 'w', event: 'taskUpdated', fate }]
  expect(outcome([truth({ deliveries })], [])).toMatchObject({ missing })
})

test('a comment and its edit are two changes with one history id', () => {
  const comment = (text: string) => truth({ field: 'comment', comment: { id: 'c', text, parts: [{ text }] } })
  expect(expectedOf([comment('first'), comment('second')]).ids.size).toBe(2)
})

test('two changes that share an id cannot both come out: one is missing', () => {
  expect(outcome([truth({ before: 'a' }), truth({ before: 'b' })], [arrival({ changeId: idOf('1') })])).toEqual({
    ...{ changes: 2, published: 1, republished: 0, missing: 1, extra: 0 },
  })
})

test('deletions are told apart by the life that they ended', () => {
  const deletion = (incarnation: number) => truth({ kind: 'deletion', historyId: null, field: null, incarnation })
  const ids = [0, 1].map((life) => idOf(`incarnation ${life}`, 'deletion'))
  expect([...expectedOf([deletion(1), deletion(2)]).ids.keys()]).toEqual(ids)
})

const folder = { kind: 'folder', id: 'f1' } as const
const hint = (event: TruthChange['events'][number], before: unknown, after: unknown) =>
  truth({ kind: 'hint', resource: folder, historyId: null, field: null, events: [event], before, after })
const born = hint('folderCreated', null, { name: 'A' })
const renamed = hint('folderUpdated', { name: 'A' }, { name: 'B' })
const deleted = hint('folderDeleted', { name: 'A' }, null)
const target = truth({
  ...{ kind: 'hint', resource: { kind: 'keyResult', id: 'k1', goalId: 'g1' }, historyId: null, field: null },
  events: ['keyResultCreated'],
})
const ofGoal = (field: string, after: ChangeEvent['after']) =>
  arrival({ resource: { kind: 'goal', id: 'g1' }, field, after, changeId: `look ${fresh()}` })
const seen = (field: string, after: ChangeEvent['after'] = null) =>
  arrival({ resource: folder, field, after, changeId: `look ${fresh()}` })

test.each([
  ['a life in order', [born, renamed], [seen('creation'), seen('name', 'B')], { changes: 2, missing: 0, extra: 0 }],
  ['a rename that nobody told', [born, renamed], [seen('creation')], { changes: 2, missing: 1, extra: 0 }],
  ['a rename to something else', [born, renamed], [seen('creation'), seen('name', 'C')], { missing: 1, extra: 1 }],
  ['a birth that nobody told', [born], [], { changes: 1, missing: 1, extra: 0 }],
  ['an end that nobody told', [born, deleted], [seen('creation')], { changes: 2, missing: 1, extra: 0 }],
  ['an end told twice', [born, deleted], [seen('creation'), seen('deletion'), seen('deletion')], { extra: 1 }],
  ['a target that nobody told', [target], [], { changes: 1, missing: 1, extra: 0 }],
  ['a target, told as part of its goal', [target], [ofGoal('key_results', [])], { changes: 1, missing: 0, extra: 0 }],
  ['two creations', [born], [seen('creation'), seen('creation')], { missing: 0, extra: 1 }],
  ['a folder that stood before, told by its first sight', [renamed], [seen('creation')], { changes: 1, extra: 0 }],
  ['a folder that stood before, not told', [renamed], [], { changes: 0, missing: 0, extra: 0 }],
])('places, known by what is told of them: %s', (_name, changes, arrivals, expected) => {
  expect(outcome(changes, arrivals)).toMatchObject(expected)
})
