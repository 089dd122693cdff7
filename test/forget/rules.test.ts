import { expect, test } from 'vitest'
import { createLearner } from '../../core/forget/learn.ts'
import { personRules } from '../../core/forget/person-rules.ts'
import { textRules } from '../../core/forget/person-texts.ts'
import { FORGOTTEN } from '../../core/forget/subject.ts'
import { taskRules } from '../../core/forget/task-rules.ts'
import { rewritten } from '../../core/forget/walk.ts'

const ID = '4023377'
const aliases = (names: string[], emails: string[] = []) => ({ names: new Set(names), emails: new Set(emails) })
const texts = textRules(ID, aliases(['Ada Moreau', 'Will'], ['ada@example.com']))
const without = (value: unknown, inTexts = true) => rewritten(value, personRules(ID, texts, { inTexts }))

test.each([
  ['Ada Moreau said', '[forgotten] said'],
  ['ADA MOREAU.', '[forgotten].'],
  ['Ada Moreaux and XAda Moreau', 'Ada Moreaux and XAda Moreau'],
  ['(ada@example.com)', '([forgotten])'],
  ['nada@example.com', 'nada@example.com'],
  ['@Will will see', '[forgotten] will see'],
  ['#user_mention#4023377 and 40233771', '#user_mention#[forgotten] and 40233771'],
  ['https://app.clickup.com/user/4023377', 'https://app.clickup.com/user/[forgotten]'],
  ['4023377 apples', '4023377 apples'],
])('%s', (text, after) => {
  expect(without({ text })).toEqual({ text: after })
})

test('a name of one word is counted and left', () => {
  expect(texts.mentions('Will you?')).toBe(true)
  expect(texts.mentions('Willow')).toBe(false)
  expect(textRules('1', aliases([])).mentions('anything')).toBe(false)
})

test('a person goes out of lists, and somebody forgotten stands elsewhere', () => {
  const person = { id: ID, name: null }
  const other = { id: '5', name: 'Bo' }
  expect(without({ actor: person, assignees: [person, other] })).toEqual({ actor: FORGOTTEN, assignees: [other] })
  expect(without({ user: { id: Number(ID), username: 'Will' } })).toEqual({ user: FORGOTTEN })
  expect(without({ userId: ID, userIds: [ID, '5'] })).toEqual({ userId: null, userIds: ['5'] })
  expect(without({ fields: { [`assignee#${ID}`]: true, 'assignee#5': true } })).toEqual({
    fields: { 'assignee#5': true },
  })
})

test('what merely has the same number is not the person', () => {
  const value = {
    space: { id: ID, name: 'Product' },
    resource: { kind: 'space', id: ID },
    after: { id: ID },
    locations: [{ id: ID, name: 'Roadmap' }],
    durationMs: Number(ID),
  }
  expect(without(value)).toBe(value)
})

test('rich texts are JSON within a text, and are gone through', () => {
  const rich = (user: unknown) => JSON.stringify({ ops: [{ insert: { mention: { user } } }, { insert: 'x' }] })
  const value = { after: rich({ id: ID, name: 'Will' }) }
  expect(without(value)).toEqual({ after: rich(FORGOTTEN) })
  expect(without({ after: '{ no JSON of Ada Moreau' })).toEqual({ after: '{ no JSON of [forgotten]' })
})

test('texts that mirror ClickUp stay as they are', () => {
  const value = {
    name: 'Call Ada Moreau',
    customFields: [{ id: 'f', name: 'x', type: 'text', value: 'ada@example.com' }],
  }
  expect(without(value, false)).toBe(value)
})

test('hostile shapes end', () => {
  let deep: unknown = { id: ID, name: 'Will' }
  for (let i = 0; i < 5_000; i += 1) deep = [deep]
  expect(without(deep)).toBe(deep)
  const strange = { __proto__: null, constructor: { id: ID, name: 'Will' }, toString: 'Ada Moreau', n: null, t: true }
  expect(without(strange)).toEqual({ constructor: FORGOTTEN, toString: '[forgotten]', n: null, t: true })
})

test('every name that somebody had is learnt, also from texts', () => {
  const learner = createLearner(ID)
  learner.look({
    actor: { id: ID, name: 'Ada Moreau' },
    x: [{ id: ID, name: 'Ada Lovelace', email: 'ada@example.com' }],
  })
  learner.look({ after: JSON.stringify({ user: { id: Number(ID), username: 'ada' } }) })
  learner.look({ userId: ID, userName: 'A. Moreau' })
  learner.look({ space: { id: ID, name: 'Product' }, actor: { id: '1', name: 'Bo' } })
  expect([...learner.names]).toEqual(['Ada Moreau', 'Ada Lovelace', 'ada', 'A. Moreau'])
  expect([...learner.emails]).toEqual(['ada@example.com'])
})

test('a task goes out of everything that points to it', () => {
  const rules = taskRules('86c1')
  const value = {
    parentId: '86c1',
    linkedTaskIds: ['86c1', '86c12'],
    dependencies: [{ taskId: '86c2', dependsOn: '86c1' }],
    customFields: [{ id: 'f', value: [{ id: '86c1', name: 'Secret' }] }],
    reads: { 'task#86c1': 1, 'task#86c2': 2 },
    text: 'see https://app.clickup.com/t/86c1, not 86c12 or x86c1',
  }
  expect(rewritten(value, rules)).toEqual({
    parentId: null,
    linkedTaskIds: ['86c12'],
    dependencies: [],
    customFields: [{ id: 'f', value: [] }],
    reads: { 'task#86c2': 2 },
    text: 'see https://app.clickup.com/t/[forgotten], not 86c12 or x86c1',
  })
})
