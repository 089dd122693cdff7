import { describe, expect, it } from 'vitest'
import type { RuleTarget } from '../../local/aws/events/target.ts'
import { checkInput, inputOf } from '../../local/aws/events/transform.ts'

const event = {
  version: '0' as const,
  id: 'e1',
  'detail-type': 'Task Status Changed',
  source: 'hookline',
  account: '1',
  time: '2026-01-02T03:04:05Z',
  region: 'eu-west-1',
  resources: ['arn:a', 'arn:b'],
  detail: { name: 'Say "hi"', points: 5, after: { status: 'done' }, 'a-b': { 'c d': true }, list: [1, 2], none: null },
}
const occasion = { event, ruleArn: 'arn:rule', ruleName: 'rule', ingestedAt: '2026-01-02T03:04:06Z' }
const target = (how: Partial<RuleTarget>): RuleTarget => ({ id: 't', arn: 'arn:aws:sqs:r:1:q', ...how })
const templated = (inputTemplate: string, inputPathsMap: Record<string, string> = {}) => {
  const how = target({ inputTransformer: { inputPathsMap, inputTemplate } })
  checkInput(how)
  return inputOf(how, occasion)
}

describe('what a target gets', () => {
  it('is the event by default', () => {
    expect(JSON.parse(inputOf(target({}), occasion))).toEqual(event)
  })

  it('is a constant', () => {
    expect(inputOf(target({ input: '{"a": 1}' }), occasion)).toBe('{"a": 1}')
  })

  it.each<[path: string, input: string]>([
    ['$', JSON.stringify(event)],
    ['$.detail.after', '{"status":"done"}'],
    ['$.detail-type', '"Task Status Changed"'],
    ['$.resources[1]', '"arn:b"'],
    ["$.detail['a-b']['c d']", 'true'],
    ['$.detail.nothing.below', 'null'],
  ])('is the part at %s', (inputPath, input) => {
    expect(inputOf(target({ inputPath }), occasion)).toBe(input)
  })

  it.each<[name: string, template: string, paths: Record<string, string>, input: string]>([
    [
      'a value as JSON',
      '{"n": <n>, "p": <p>}',
      { n: '$.detail.name', p: '$.detail.points' },
      '{"n": "Say \\"hi\\"", "p": 5}',
    ],
    [
      'a value inside a string',
      '{"text": "<n>: <p>"}',
      { n: '$.detail.name', p: '$.detail.points' },
      '{"text": "Say \\"hi\\": 5"}',
    ],
    ['an object as JSON', '{"a": <a>}', { a: '$.detail.after' }, '{"a": {"status":"done"}}'],
    ['an object inside a string', '"now <a>"', { a: '$.detail.after' }, '"now {status:done}"'],
    ['an array as JSON', '{"a": <a>}', { a: '$.detail.list' }, '{"a": [1,2]}'],
    ['null as JSON', '{"a": <a>}', { a: '$.detail.none' }, '{"a": null}'],
    ['a path that finds nothing', '{"a": <a>, "b": "<a>"}', { a: '$.detail.nothing' }, '{"a": "", "b": ""}'],
    ['after an escaped quote', '{"a": "\\"<p>", "b": <p>}', { p: '$.detail.points' }, '{"a": "\\"5", "b": 5}'],
    ['the rule', '{"r": <aws.events.rule-name>, "a": "<aws.events.rule-arn>"}', {}, '{"r": "rule", "a": "arn:rule"}'],
    ['the time of arrival', '"<aws.events.event.ingestion-time>"', {}, '"2026-01-02T03:04:06Z"'],
    ['the whole event', '{"e": <aws.events.event.json>}', {}, `{"e": ${JSON.stringify(event)}}`],
  ])('is a template filled with %s', (_name, template, paths, input) => {
    expect(templated(template, paths)).toBe(input)
    expect(() => JSON.parse(input)).not.toThrow()
  })

  it('may be several lines of text', () => {
    expect(templated('"one <p>"\n"two"', { p: '$.detail.points' })).toBe('"one 5"\n"two"')
  })

  it('leaves the detail out of the event when asked so', () => {
    const { detail: _, ...rest } = event
    expect(JSON.parse(templated('{"e": <aws.events.event>}'))).toEqual({ e: rest })
  })

  it.each<[name: string, how: Partial<RuleTarget>]>([
    ['input that is not JSON', { input: 'x' }],
    ['a path that is none', { inputPath: 'detail' }],
    ['a path with a filter', { inputPath: '$.detail[?(@.a)]' }],
    ['two ways at once', { input: '{}', inputPath: '$' }],
    ['a variable without a path', { inputTransformer: { inputTemplate: '{"a": <a>}' } }],
    ['a variable with a wrong path', { inputTransformer: { inputPathsMap: { a: 'x' }, inputTemplate: '{"a": <a>}' } }],
    ['a template that gives no JSON', { inputTransformer: { inputTemplate: 'hello' } }],
  ])('is refused: %s', (_name, how) => {
    expect(() => checkInput(target(how))).toThrow(expect.objectContaining({ name: 'ValidationException' }))
  })
})
