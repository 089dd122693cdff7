import { describe, expect, it } from 'vitest'
import { CONSUMER_BREAKS } from '../../local/hostile/consumer/breaks.ts'
import { consumerCases, tryConsumer } from '../../local/hostile/consumer/check.ts'
import { pathsOf, withAt } from '../../local/hostile/consumer/json.ts'

const nothing = () => undefined
const drawn = { seed: 3, runs: 80, only: null, broken: null }

describe('the consumer, whatever is in a batch', () => {
  it('tells what is valid as if it stood alone, and ends what is not with a reason and a count', async () => {
    const { tried, endings, wrong } = await tryConsumer(drawn, nothing)
    expect(wrong).toEqual([])
    expect(tried).toBe(80)
    expect(Object.keys(endings)).toEqual(expect.arrayContaining(['done', 'setAside']))
  })

  it.each([
    'body: task-custom-field-changed: task_id is the separators of our keys',
    'body: custom field of the type labels: history_items.0.after is names of a prototype',
    'message: canary of a huge text',
    'answer: task-custom-field-changed: custom_fields.0.value is five thousand levels',
    'said: task-status-changed: nothing with 200',
    'said: task-status-changed: an error with 200',
    'said: task-status-changed: an empty object',
    'said: list-created: JSON that is',
    'said: task-status-changed: a code of a megabyte',
  ])('%s', async (only) => {
    const { tried, wrong } = await tryConsumer({ ...drawn, only }, nothing)
    expect({ tried: Math.min(tried, 1), wrong }).toEqual({ tried: 1, wrong: [] })
  })

  it('waits, and makes nothing of it, when nobody answers what was asked', async () => {
    const { endings, wrong } = await tryConsumer({ ...drawn, only: 'said: list-created: HTML with' }, nothing)
    expect({ endings, wrong }).toEqual({ endings: { waiting: 4 }, wrong: [] })
  })
})

describe('what is broken on purpose is found:', () => {
  it.each(CONSUMER_BREAKS)('%s', async (broken) => {
    const only = {
      ...{ batch: 'message: the body is', count: 'message: the body is', log: 'body: task-priority-changed: event' },
      lose: 'said: list-created: HTML with',
    }[broken]
    const { wrong } = await tryConsumer({ ...drawn, runs: 8, only, broken }, nothing)
    expect(wrong.length).toBeGreaterThan(0)
  })
})

describe('the cases', () => {
  it('have a name each, by which one is repeated', () => {
    const names = consumerCases().map(({ name }) => name)
    expect(names.length).toBeGreaterThan(30_000)
    expect(new Set(names).size).toBe(names.length)
  })

  it('reach every place of a value, and change nothing else', () => {
    const value = { a: [1, { b: null }], c: 'x' }
    expect(pathsOf(value)).toEqual([['a'], ['a', 0], ['a', 1], ['a', 1, 'b'], ['c']])
    expect(withAt(value, ['a', 1, 'b'], { raw: '1e999' })).toBe('{"a":[1,{"b":1e999}],"c":"x"}')
    expect(withAt(value, ['a', 0], undefined)).toBe('{"a":[{"b":null}],"c":"x"}')
    expect(withAt(value, ['c'], undefined)).toBe('{"a":[1,{"b":null}]}')
  })
})
