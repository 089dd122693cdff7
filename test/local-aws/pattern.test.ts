import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../local/aws/events/pattern.ts'

const event = {
  source: 'hookline',
  'detail-type': 'Task Status Changed',
  resources: ['arn:a', 'arn:b'],
  detail: {
    field: 'status',
    connection: 'main',
    points: 5,
    dueAt: 1_789_000_000_000,
    cost: -1.5,
    isSelf: false,
    task: null,
    ip: '10.0.3.7',
    empty: [],
    text: 'Größe *',
    tags: ['red', 'blue'],
    people: [
      { id: 1, role: 'owner' },
      { id: 2, role: 'guest' },
    ],
    after: { status: 'done', color: '#fff' },
  },
}

describe('event patterns', () => {
  it.each<[name: string, pattern: unknown, matches: boolean]>([
    ['one of several values', { source: ['other', 'hookline'] }, true],
    ['none of the values', { source: ['other'] }, false],
    ['every field has to hold', { source: ['hookline'], 'detail-type': ['x'] }, false],
    ['nested fields', { detail: { after: { status: ['done'] } } }, true],
    ['a field that is not there', { detail: { nothing: ['x'] } }, false],
    ['below a field that is not there', { detail: { nothing: { below: ['x'] } } }, false],
    ['a number', { detail: { points: [5] } }, true],
    ['a number is no text', { detail: { points: ['5'] } }, false],
    ['a boolean', { detail: { isSelf: [false] } }, true],
    ['null', { detail: { task: [null] } }, true],
    ['null is not absence', { detail: { nothing: [null] } }, false],
    ['an element of an array', { resources: ['arn:b'] }, true],
    ['no element of an array', { resources: ['arn:c'] }, false],
    ['case counts', { source: ['Hookline'] }, false],

    ['prefix', { source: [{ prefix: 'hook' }] }, true],
    ['prefix that is not', { source: [{ prefix: 'line' }] }, false],
    ['prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'HOOK' } }] }, true],
    ['prefix of a number', { detail: { points: [{ prefix: '5' }] } }, false],
    ['suffix', { source: [{ suffix: 'line' }] }, true],
    ['suffix that is not', { source: [{ suffix: 'hook' }] }, false],
    ['suffix in any case', { source: [{ suffix: { 'equals-ignore-case': 'LINE' } }] }, true],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'HookLine' }] }, true],
    ['equals-ignore-case that is not', { source: [{ 'equals-ignore-case': 'hook' }] }, false],
    ['wildcard', { 'detail-type': [{ wildcard: 'Task * Changed' }] }, true],
    ['wildcard for nothing', { source: [{ wildcard: '*hookline*' }] }, true],
    ['wildcard is the whole value', { source: [{ wildcard: 'hook' }] }, false],
    ['wildcard with a star of its own', { detail: { text: [{ wildcard: 'Gr*\\*' }] } }, true],
    ['wildcard star is no character', { source: [{ wildcard: 'hook\\*' }] }, false],
    ['wildcard dots are dots', { detail: { ip: [{ wildcard: '10.0.3.*' }] } }, true],
    ['wildcard dots are not any', { source: [{ wildcard: 'h..kline' }] }, false],

    ['anything-but a value', { source: [{ 'anything-but': 'other' }] }, true],
    ['anything-but the value', { source: [{ 'anything-but': 'hookline' }] }, false],
    ['anything-but several', { source: [{ 'anything-but': ['a', 'hookline'] }] }, false],
    ['anything-but numbers', { detail: { points: [{ 'anything-but': [1, 2] }] } }, true],
    ['anything-but the number', { detail: { points: [{ 'anything-but': 5 }] } }, false],
    ['anything-but for an absent field', { detail: { nothing: [{ 'anything-but': 'x' }] } }, false],
    ['anything-but one of two elements', { detail: { tags: [{ 'anything-but': 'red' }] } }, true],
    ['anything-but both elements', { detail: { tags: [{ 'anything-but': ['red', 'blue'] }] } }, false],
    ['anything-but prefix', { source: [{ 'anything-but': { prefix: 'hook' } }] }, false],
    ['anything-but prefixes', { source: [{ 'anything-but': { prefix: ['aws', 'x'] } }] }, true],
    ['anything-but suffix', { source: [{ 'anything-but': { suffix: 'line' } }] }, false],
    ['anything-but in any case', { source: [{ 'anything-but': { 'equals-ignore-case': ['HOOKLINE'] } }] }, false],
    ['anything-but wildcard', { source: [{ 'anything-but': { wildcard: '*ook*' } }] }, false],
    ['anything-but another wildcard', { source: [{ 'anything-but': { wildcard: 'x*' } }] }, true],

    ['numeric =', { detail: { points: [{ numeric: ['=', 5] }] } }, true],
    ['numeric range', { detail: { points: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    ['numeric beyond 5e9, which is not compared', { detail: { dueAt: [{ numeric: ['>', 0] }] } }, false],
    ['a number beyond 5e9 itself', { detail: { dueAt: [1_789_000_000_000] } }, true],
    ['numeric range, bound left out', { detail: { points: [{ numeric: ['>', 0, '<', 5] }] } }, false],
    ['numeric below zero', { detail: { cost: [{ numeric: ['<', -1] }] } }, true],
    ['numeric for text', { detail: { field: [{ numeric: ['>', 0] }] } }, false],

    ['exists', { detail: { field: [{ exists: true }] } }, true],
    ['exists for null', { detail: { task: [{ exists: true }] } }, true],
    ['exists for nothing', { detail: { nothing: [{ exists: true }] } }, false],
    ['exists looks at leaves only', { detail: { after: [{ exists: true }] } }, false],
    ['exists false', { detail: { nothing: [{ exists: false }] } }, true],
    ['exists false for something', { detail: { field: [{ exists: false }] } }, false],
    ['exists false below nothing', { detail: { nothing: { below: [{ exists: false }] } } }, true],
    ['exists false for an empty array', { detail: { empty: [{ exists: false }] } }, true],
    ['exists false or a value', { detail: { nothing: [{ exists: false }, 'x'] } }, true],

    ['cidr', { detail: { ip: [{ cidr: '10.0.0.0/16' }] } }, true],
    ['cidr outside', { detail: { ip: [{ cidr: '10.1.0.0/16' }] } }, false],
    ['cidr for what is no address', { source: [{ cidr: '10.1.0.0/16' }] }, false],

    ['$or, the second', { $or: [{ source: ['x'] }, { detail: { points: [5] } }] }, true],
    ['$or, none', { $or: [{ source: ['x'] }, { source: ['y'] }] }, false],
    ['$or besides a field', { source: ['x'], $or: [{ source: ['hookline'] }, { source: ['y'] }] }, false],
    ['$or inside', { detail: { $or: [{ points: [{ numeric: ['>', 100] }] }, { field: [{ prefix: 'stat' }] }] } }, true],
    ['$or in $or', { $or: [{ source: ['x'] }, { $or: [{ source: ['y'] }, { source: ['hookline'] }] }] }, true],

    ['objects in an array', { detail: { people: { id: [2] } } }, true],
    ['one object has to hold all', { detail: { people: { id: [1], role: ['guest'] } } }, false],
    ['the same object holds all', { detail: { people: { id: [2], role: ['guest'] } } }, true],
  ])('%s', (_name, pattern, matches) => {
    expect(compilePattern(pattern)(event)).toBe(matches)
  })

  it.each<[name: string, pattern: unknown]>([
    ['no object', ['x']],
    ['an empty pattern', {}],
    ['a bare value', { source: 'hookline' }],
    ['an empty array', { source: [] }],
    ['an empty object', { detail: {} }],
    ['an array in an array', { source: [['x']] }],
    ['an operator that is not', { source: [{ like: 'x' }] }],
    ['two operators at once', { source: [{ prefix: 'x', suffix: 'y' }] }],
    ['prefix of a number', { source: [{ prefix: 1 }] }],
    ['exists of a text', { source: [{ exists: 'true' }] }],
    ['numeric without a bound', { detail: { points: [{ numeric: ['>'] }] } }],
    ['numeric with another operator', { detail: { points: [{ numeric: ['!', 1] }] } }],
    ['anything-but mixed kinds', { source: [{ 'anything-but': ['x', 1] }] }],
    ['anything-but exists', { source: [{ 'anything-but': { exists: true } }] }],
    ['anything-but nothing', { source: [{ 'anything-but': [] }] }],
    ['two stars', { source: [{ wildcard: 'a**b' }] }],
    ['a bare backslash', { source: [{ wildcard: 'a\\b' }] }],
    ['a cidr that is none', { source: [{ cidr: '10.0.0.0/40' }] }],
    ['$or of one', { $or: [{ source: ['x'] }] }],
    ['$or of no patterns', { $or: ['x', 'y'] }],
  ])('is refused: %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ name: 'InvalidEventPatternException', message: expect.stringContaining('not valid') }),
    )
  })

  it('names the place that is wrong', () => {
    expect(() => compilePattern({ detail: { after: { status: 'done' } } })).toThrow('"detail.after.status"')
  })
})
