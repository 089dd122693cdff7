import { expect, test } from 'vitest'
import { customFieldSchema, fieldValue, typedValue } from '../../core/clickup/custom-fields.ts'
import { comparable } from '../../core/tasks/comparable.ts'

const OPTIONS = [
  { id: 'b', name: 'Beta', orderindex: 1 },
  { id: 'a', name: 'Alpha', orderindex: 0 },
]
const POINT = { lat: 1.5, lng: -2 }

/** One value of each type as a delivery writes it and as a read shows it: `undefined` for no value at all. */
test.each([
  ['labels', '["b","a"]', ['a', 'b']],
  ['labels', '[]', undefined],
  [
    'users',
    '[7,8]',
    [
      { id: 8, username: 'Sam' },
      { id: 7, username: 'Kim' },
    ],
  ],
  ['tasks', '["x1"]', [{ id: 'x1', name: 'A name that changes' }]],
  ['drop_down', 'b', 1],
  ['checkbox', 'true', 'true'],
  ['checkbox', 'false', undefined],
  ['manual_progress', '{"current":10}', { current: '10', percent_completed: 10 }],
  [
    'location',
    JSON.stringify({ location: POINT, formatted_address: 'A' }),
    { location: POINT, formatted_address: 'A' },
  ],
  ['number', '12.5', 12.5],
  ['currency', '3', '3'],
  ['date', '1789000000000', 1_789_000_000_000],
  ['short_text', '[not a list', '[not a list'],
  ['url', null, undefined],
])('a value of %s is the same in a delivery (%j) and in a read (%j)', (type, told, read) => {
  const field = customFieldSchema.parse({ id: 'f', name: 'F', type, type_config: { options: OPTIONS }, value: read })
  const shown = fieldValue(field, false)?.value ?? null
  expect(comparable(type, typedValue(field, told, false))).toEqual(comparable(type, shown))
})

test('what differs stays different', () => {
  expect(comparable('labels', [{ id: 'a', name: 'Alpha' }])).not.toEqual(
    comparable('labels', [{ id: 'b', name: 'Alpha' }]),
  )
  expect(comparable('users', [])).toBeNull()
  expect(comparable('manual_progress', { current: '11' })).toBe(11)
  expect(comparable('short_text', '')).toBe('')
})

test('what ClickUp works out by itself is not compared', () => {
  for (const type of ['automatic_progress', 'formula', 'rollup']) expect(comparable(type, 5)).toBeUndefined()
})

test('an object in the place of an id is compared by what is in it, also one that says how to read itself as a text', () => {
  const [one, other] = ['{"toString":1,"valueOf":2}', '{"toString":2}'].map((text) => JSON.parse(text))
  for (const type of ['labels', 'users', 'tasks']) {
    expect(comparable(type, [one])).toEqual(comparable(type, [one]))
    expect(comparable(type, [one])).not.toEqual(comparable(type, [other]))
  }
})
