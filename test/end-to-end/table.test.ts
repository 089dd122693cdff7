import { expect, test } from 'vitest'
import { createTable } from '../../local/start/table.ts'
import { arrival } from './support/arrival.ts'

const plain = (_style: unknown, text: string) => text

const status = arrival({
  field: 'status',
  before: { name: 'in progress', type: 'custom' },
  after: { name: 'in review', type: 'custom' },
  actor: { id: '1', name: 'Maria Okafor', isSelf: false },
})

test.each([80, 100, 140])('a row fits %i columns and stands under its heading', (width) => {
  const table = createTable(width, plain)
  const [heading = ''] = table.heading()
  const row = table.row(status)
  expect(row.length).toBe(heading.length)
  expect(row.length).toBeLessThanOrEqual(width)
  expect(row.indexOf('Maria O.')).toBe(heading.indexOf('who'))
})

test('a change reads as what was and what is', () => {
  expect(createTable(140, plain).row(status)).toMatch(/task t1 +in progress → in review +Maria O\. +1$/)
})

test('what others have named cannot move the cursor', () => {
  const evil = arrival({ field: 'name', before: 'a', after: 'b\u001b[2J\u001b]0;x\u0007\r\nc' })
  expect(createTable(140, plain).row(evil)).not.toMatch(/\p{Cc}/u)
})
