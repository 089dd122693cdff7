// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what CloudFormation substitutes

import { describe, expect, it } from 'vitest'
import { conditionsOf } from '../../local/stack/conditions.ts'
import { evaluate, type Scope } from '../../local/stack/intrinsics.ts'
import { inCreationOrder, referencesIn } from '../../local/stack/references.ts'

const scope: Scope = {
  ref: (name) => ({ Queue: 'https://queue', 'AWS::Region': 'eu-west-1', List: ['a', 'b'] })[name],
  getAtt: (id, attribute) => `${id}!${attribute}`,
  importValue: (name) => `import ${name}`,
  stackOutput: (stack, output) => `${stack} ${output}`,
  condition: (name) => name === 'Yes',
  mapping: ({ map, first, second }) => `${map} ${first} ${second}`,
}

const table: [string, unknown, unknown][] = [
  ['a plain value', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ['Ref', { Ref: 'Queue' }, 'https://queue'],
  ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['AWS::NoValue in a list', [{ Ref: 'AWS::NoValue' }, 1], [1]],
  ['GetAtt with a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue!Arn'],
  ['GetAtt with a text', { 'Fn::GetAtt': 'Queue.Endpoint.Port' }, 'Queue!Endpoint.Port'],
  ['Join', { 'Fn::Join': [':', ['a', 2, { Ref: 'Queue' }]] }, 'a:2:https://queue'],
  ['Join of a list that is referred to', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
  ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['Sub', { 'Fn::Sub': 'x-${AWS::Region}-${Queue.Arn}-${!Kept}' }, 'x-eu-west-1-Queue!Arn-${Kept}'],
  ['Sub with variables', { 'Fn::Sub': ['${one}${Queue}', { one: { Ref: 'List' } }] }, undefined],
  [
    'Sub with a variable',
    { 'Fn::Sub': ['${one}/${Queue}', { one: { Ref: 'AWS::Region' } }] },
    'eu-west-1/https://queue',
  ],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Join': ['', ['Data:', 'X']] } }, 'import Data:X'],
  ['GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'X' } }, 'Data X'],
  ['FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'M eu-west-1 k'],
  ['If, true', { 'Fn::If': ['Yes', { Ref: 'Queue' }, 'no'] }, 'https://queue'],
  ['If, false, with what would fail', { 'Fn::If': ['No', { 'Fn::Cidr': [] }, 'no'] }, 'no'],
  ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['an object with more keys is no intrinsic', { Ref: 'Queue', Other: 1 }, { Ref: 'Queue', Other: 1 }],
]

describe('evaluate', () => {
  it.each(table.filter(([, , expected]) => expected !== undefined))('%s', (_name, value, expected) => {
    expect(evaluate(value, scope, 'Thing')).toEqual(expected)
  })

  it.each([
    [
      'an intrinsic that is not supported',
      { 'Fn::Cidr': ['10.0.0.0/16', 2] },
      'Thing: the intrinsic Fn::Cidr is not supported',
    ],
    ['a dynamic reference', 'x{{resolve:ssm:/a}}', 'Thing: dynamic references ({{resolve:...}}) are not supported'],
    [
      'a list where a text belongs',
      { 'Fn::Sub': ['${one}', { one: { Ref: 'List' } }] },
      'Thing: Fn::Sub needs a text here',
    ],
    ['wrong arguments', { 'Fn::Join': ['x'] }, 'Thing: Fn::Join has the wrong arguments'],
    ['an index beyond the list', { 'Fn::Select': [5, ['a']] }, 'Thing: Fn::Select finds nothing at 5'],
  ])('refuses %s and names where', (_name, value, message) => {
    expect(() => evaluate(value, scope, 'Thing')).toThrow(message)
  })
})

describe('conditions', () => {
  const named = conditionsOf(
    new Map<string, unknown>([
      ['Prod', { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }],
      ['Dev', { 'Fn::Not': [{ Condition: 'Prod' }] }],
      ['Both', { 'Fn::And': [{ Condition: 'Prod' }, { Condition: 'Dev' }] }],
      ['Either', { 'Fn::Or': [{ Condition: 'Prod' }, { Condition: 'Dev' }] }],
      ['Round', { 'Fn::Not': [{ Condition: 'Round' }] }],
      ['Odd', { 'Fn::Contains': [['a'], 'a'] }],
    ]),
    (operand) => (typeof operand === 'string' ? operand : 'prod'),
  )

  it('are worked out from each other', () => {
    expect(['Prod', 'Dev', 'Both', 'Either'].map(named)).toEqual([true, false, false, true])
  })

  it('refuse a circle, a name that is not there and a rule that is not supported', () => {
    expect(() => named('Round')).toThrow('Condition Round: refers to itself')
    expect(() => named('None')).toThrow('Condition None: is not in the template')
    expect(() => named('Odd')).toThrow('Condition Odd: Fn::Contains is not supported')
  })
})

describe('order', () => {
  const resource = (logicalId: string, properties: Record<string, unknown>, dependsOn: string[] = []) => ({
    logicalId,
    type: 'T',
    properties,
    dependsOn,
    condition: undefined,
    updatePolicy: {},
    path: logicalId,
  })

  it('finds what is referred to in every form', () => {
    const value = [
      { Ref: 'A' },
      { x: { 'Fn::GetAtt': ['B', 'Arn'] } },
      { 'Fn::Sub': ['${C.Arn}${v}', { v: { Ref: 'D' } }] },
    ]
    expect([...referencesIn(value)].sort()).toEqual(['A', 'B', 'C', 'D', 'v'])
  })

  it('puts each resource after those it needs', () => {
    const ordered = inCreationOrder(
      [
        resource('A', { x: { Ref: 'B' } }),
        resource('B', {}, ['C']),
        resource('C', { y: { 'Fn::Sub': '${D}' } }),
        resource('D', {}),
      ],
      'Stack',
    )
    expect(ordered.map(({ logicalId }) => logicalId)).toEqual(['D', 'C', 'B', 'A'])
  })

  it('refuses a circle', () => {
    const circle = [resource('A', { x: { Ref: 'B' } }), resource('B', { x: { Ref: 'A' } })]
    expect(() => inCreationOrder(circle, 'Stack')).toThrow('Stack: resources need each other in a circle: A > B > A')
  })
})
