import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { tableText } from '../../cli/output/table.ts'
import { clip, painter, plain, widthOf } from '../../cli/output/text.ts'
import { agoText, durationText, parseSince, timeText } from '../../cli/output/time.ts'
import { changeText, clipChange } from '../../cli/output/values.ts'
import { aChange } from './stack.ts'

const NOW = Date.UTC(2026, 2, 10, 12)

describe('times', () => {
  beforeEach(() => void vi.stubEnv('TZ', 'America/New_York'))
  afterEach(() => void vi.unstubAllEnvs())

  test.each([
    ['30m', NOW - 30 * 60_000],
    ['2h', NOW - 2 * 3_600_000],
    ['7d', NOW - 7 * 86_400_000],
    ['0s', NOW],
    ['2026-03-01T12:00Z', Date.UTC(2026, 2, 1, 12)],
    ['2026-03-01T12:00:00.5+02:00', Date.UTC(2026, 2, 1, 10) + 500],
    ['2026-03-01T12:00', Date.UTC(2026, 2, 1, 17)],
    ['2026-03-01', Date.UTC(2026, 2, 1, 5)],
  ])('since %s', (text, since) => expect(parseSince(text, NOW)).toBe(since))

  test.each(['', '2', 'h', '2 h', '2y', '-2h', '1.5h', 'yesterday', '2026-13-01', '2026-3-1', '9999d', '1970'])(
    'since %j is no time',
    (text) => expect(parseSince(text, NOW)).toBeNull(),
  )

  test('a time is local, with its day when that is another', () => {
    const style = { now: NOW, utc: false }
    expect(timeText(NOW, style)).toBe('08:00:00')
    expect(timeText(NOW - 9 * 3_600_000, style)).toBe('2026-03-09 23:00:00')
    expect(timeText(NOW, { now: NOW, utc: true })).toBe('2026-03-10T12:00:00Z')
    expect(timeText(9e15, style)).toBe('9000000000000000')
  })

  test('durations are told in their two largest units', () => {
    expect([0, 45_000, 5_400_000, 90_061_000, -60_000].map(durationText)).toEqual([
      '0s',
      '45s',
      '1h 30m',
      '1d 1h',
      '-1m',
    ])
    expect(agoText(NOW + 500, NOW)).toBe('just now')
    expect(agoText(NOW - 61_000, NOW)).toBe('1m 1s ago')
  })
})

describe('text', () => {
  test('widths are those of a terminal', () => {
    expect(['abc', 'é', 'e\u0301', '登录', '🎉', '👩‍👩‍👧', 'ﾊ', '한'].map(widthOf)).toEqual([3, 1, 1, 4, 2, 2, 1, 2])
    expect(clip('登录页面', 6)).toBe('登录…')
    expect(clip('登录页面', 8)).toBe('登录页面')
    expect(clip('a👩‍👩‍👧b', 3)).toBe('a…')
  })

  test('nothing in it steers the terminal', () => {
    expect(plain('a\u001b[31mb\r\nc\u0007\u202Ed\u009b2J')).toBe('a [31mb c d 2J')
  })

  test('colours are only where they are wanted', () => {
    expect(painter(false)('red', 'x')).toBe('x')
    expect(painter(true)('red', 'x')).toBe('\u001b[31mx\u001b[39m')
  })
})

describe('what a change did', () => {
  const style = { now: NOW, utc: true }
  const text = (over: Parameters<typeof aChange>[0]) => changeText(aChange(over), style)

  test('is told by names', () => {
    expect(text({})).toBe('open → in progress')
    expect(text({ field: 'priority', before: null, after: { id: '1', name: 'urgent' } })).toBe('none → urgent')
    expect(text({ field: 'assignee_add', before: null, after: { id: '8', name: null } })).toBe('+8')
    expect(text({ field: 'assignee_rem', before: { id: '8', name: 'Grace' }, after: null })).toBe('-Grace')
    expect(text({ field: 'tag', before: null, after: ['a', 'b'] })).toBe('+a, b')
    expect(text({ field: 'due_date', before: null, after: NOW })).toBe('none → 2026-03-10T12:00:00Z')
    expect(text({ field: 'comment', before: null, after: { id: '90' } })).toBe('90')
    expect(text({ field: 'deletion', before: null, after: null })).toBe('')
    expect(text({ field: 'content', before: { omitted: 'too large', bytes: 9 }, after: 'x' })).toBe(
      '(too large to keep) → x',
    )
    expect(text({ field: 'new', before: 1, after: { odd: [1] } })).toBe('1 → {"odd":[1]}')
    const customField = { id: 'f', name: 'Points', type: 'number' }
    expect(text({ field: 'custom_field', customField, before: null, after: 5 })).toBe('Points: none → 5')
  })

  test('is cut on both sides alike', () => {
    expect(clipChange('a long text before → a long text after', 21)).toBe('a long t… → a long t…')
    expect(clipChange('a → a long text after', 15)).toBe('a → a long tex…')
    expect(clipChange('a long text before → b', 15)).toBe('a long tex… → b')
    expect(clipChange('short → short', 15)).toBe('short → short')
  })
})

test('a table cuts the widest first, then leaves columns out, and never cuts an id', () => {
  const columns = [
    { head: 'ID' },
    { head: 'TEXT', min: 6 },
    { head: 'MORE', min: 6, drop: 1 },
    { head: 'LEAST', min: 6, drop: 2 },
  ]
  const rows = [['86c2k4x7q', 'a text that is long', 'more of it', 'the least of it']]
  const at = (width: number) => tableText(columns, rows, { width, paint: (_style, text) => text }).split('\n')
  expect(at(60)[1]).toBe('86c2k4x7q  a text that is long  more of it  the least of it')
  expect(at(44)[1]).toBe('86c2k4x7q  a text t…  more of it  the least…')
  expect(at(30)[1]).toBe('86c2k4x7q  a text…   more of…')
  expect(at(20)[1]).toBe('86c2k4x7q  a text t…')
  expect(at(5)).toEqual(['ID         TEXT', '86c2k4x7q  a tex…', ''])
})
