import { describe, expect, it } from 'vitest'
import { compilePolicy, type Statement } from '../../local/aws/policy.ts'

const allow = (actions: string[], resources: string[]): Statement => ({ effect: 'Allow', actions, resources })
const deny = (actions: string[], resources: string[]): Statement => ({ effect: 'Deny', actions, resources })

const TABLE = 'arn:aws:dynamodb:eu-west-1:1:table/ledger'

describe('policy', () => {
  it.each<{ name: string; statements: Statement[]; action: string; resources: string[]; kind: string }>([
    { name: 'nothing allowed', statements: [], action: 'dynamodb:PutItem', resources: [TABLE], kind: 'notAllowed' },
    {
      name: 'exact',
      statements: [allow(['dynamodb:PutItem'], [TABLE])],
      action: 'dynamodb:PutItem',
      resources: [TABLE],
      kind: 'allowed',
    },
    {
      name: 'another action',
      statements: [allow(['dynamodb:PutItem'], [TABLE])],
      action: 'dynamodb:GetItem',
      resources: [TABLE],
      kind: 'notAllowed',
    },
    {
      name: 'an action in another case',
      statements: [allow(['DynamoDB:putitem'], [TABLE])],
      action: 'dynamodb:PutItem',
      resources: [TABLE],
      kind: 'allowed',
    },
    {
      name: 'a resource in another case',
      statements: [allow(['dynamodb:PutItem'], [TABLE.toUpperCase()])],
      action: 'dynamodb:PutItem',
      resources: [TABLE],
      kind: 'notAllowed',
    },
    {
      name: '* in an action',
      statements: [allow(['dynamodb:Batch*'], [TABLE])],
      action: 'dynamodb:BatchGetItem',
      resources: [TABLE],
      kind: 'allowed',
    },
    {
      name: '* in an action that does not fit',
      statements: [allow(['dynamodb:Batch*'], [TABLE])],
      action: 'dynamodb:GetItem',
      resources: [TABLE],
      kind: 'notAllowed',
    },
    {
      name: '? stands for one character',
      statements: [allow(['*'], [`${TABLE.slice(0, -1)}?`])],
      action: 'dynamodb:GetItem',
      resources: [TABLE],
      kind: 'allowed',
    },
    {
      name: '? does not stand for none',
      statements: [allow(['*'], [`${TABLE}?`])],
      action: 'dynamodb:GetItem',
      resources: [TABLE],
      kind: 'notAllowed',
    },
    {
      name: 'a dot is a dot',
      statements: [allow(['*'], ['arn:.:x'])],
      action: 'a:B',
      resources: ['arn:y:x'],
      kind: 'notAllowed',
    },
    {
      name: 'a table does not cover its index',
      statements: [allow(['*'], [TABLE])],
      action: 'dynamodb:Query',
      resources: [`${TABLE}/index/byDay`],
      kind: 'notAllowed',
    },
    {
      name: '/index/* covers an index',
      statements: [allow(['*'], [`${TABLE}/index/*`])],
      action: 'dynamodb:Query',
      resources: [`${TABLE}/index/byDay`],
      kind: 'allowed',
    },
    {
      name: 'every resource has to be allowed',
      statements: [allow(['*'], [TABLE])],
      action: 'dynamodb:BatchGetItem',
      resources: [TABLE, `${TABLE}2`],
      kind: 'notAllowed',
    },
    {
      name: 'a deny wins',
      statements: [allow(['*'], ['*']), deny(['dynamodb:Delete*'], [TABLE])],
      action: 'dynamodb:DeleteItem',
      resources: [TABLE],
      kind: 'denied',
    },
    {
      name: 'a deny of something else',
      statements: [allow(['*'], ['*']), deny(['dynamodb:Delete*'], [TABLE])],
      action: 'dynamodb:PutItem',
      resources: [TABLE],
      kind: 'allowed',
    },
    {
      name: 'no resource needs *',
      statements: [allow(['*'], [TABLE])],
      action: 'dynamodb:ListTables',
      resources: ['*'],
      kind: 'notAllowed',
    },
  ])('$name: $kind', ({ statements, action, resources, kind }) => {
    expect(compilePolicy(statements)(action, resources).kind).toBe(kind)
  })

  it('names the resource that is missing', () => {
    const policy = compilePolicy([allow(['*'], ['a'])])
    expect(policy('x:Y', ['a', 'b'])).toEqual({ kind: 'notAllowed', resource: 'b' })
  })

  it('lets all through for all', () => {
    expect(compilePolicy('all')('x:Y', ['*']).kind).toBe('allowed')
  })
})
