import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { formOf, openForm } from '../../../core/standup/model/form.ts'
import { readAnswer } from '../../../core/standup/model/read-answer.ts'
import { statementSchema } from '../../../core/standup/statement.ts'

const tolerant = z.object({
  statements: z.array(statementSchema.catch({ section: 'done', text: '', cites: [] })).max(60),
  note: z.string().max(100).default(''),
})

test('is strict where the answer is read tolerantly, and has no bounds that a provider may refuse', () => {
  expect(formOf(tolerant)).toEqual({
    type: 'object',
    properties: {
      statements: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            section: { type: 'string', enum: ['blockers', 'done', 'progress', 'priorities', 'new', 'people'] },
            text: { type: 'string' },
            cites: { type: 'array', items: { type: 'string' } },
          },
          required: ['section', 'text', 'cites'],
          additionalProperties: false,
        },
      },
      note: { type: 'string' },
    },
    required: ['statements', 'note'],
    additionalProperties: false,
  })
})

test('a member may be called like a bound', () => {
  const form = formOf(z.object({ default: z.string().min(1), format: z.number().int() }))
  expect(form).toMatchObject({ required: ['default', 'format'], properties: { default: { type: 'string' } } })
})

test('everything of the form is read', () => {
  const valid = new Ajv().compile(formOf(tolerant))
  const statement = fc.record({
    section: fc.constantFrom('done', 'new'),
    text: fc.string(),
    cites: fc.array(fc.string()),
  })
  const answer = fc.record({ statements: fc.array(statement, { maxLength: 5 }), note: fc.string({ maxLength: 100 }) })
  fc.assert(
    fc.property(answer, (given) => {
      expect(valid(given)).toBe(true)
      expect(readAnswer(tolerant, JSON.stringify(given))).toMatchObject({ kind: 'value' })
    }),
    { seed: 3 },
  )
})

test('whatever text comes, it is read or is malformed, and nothing of it is told', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const read = readAnswer(statementSchema, text)
      if (read.kind === 'malformed')
        expect(read.what).toMatch(/^it (was empty|was no JSON|had not the form that was asked for)$/)
      else expect(statementSchema.safeParse(read.value).success).toBe(true)
    }),
    { seed: 4 },
  )
})

test('without a word on further members it is the same form, whatever its members are called', () => {
  const form = formOf(z.object({ additionalProperties: z.string(), list: z.array(z.object({ a: z.number() })) }))
  expect(openForm(form)).toEqual({
    type: 'object',
    properties: {
      additionalProperties: { type: 'string' },
      list: {
        type: 'array',
        items: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
      },
    },
    required: ['additionalProperties', 'list'],
  })
})

test('what a model thinks aloud first is passed over', () => {
  const json = JSON.stringify({ a: 1 })
  const schema = z.object({ a: z.number() })
  for (const text of [`<thinking>{"a": 2} or so\n</thinking>\n${json}`, `<think>\n</think>\`\`\`json\n${json}\n\`\`\``])
    expect(readAnswer(schema, text)).toEqual({ kind: 'value', value: { a: 1 } })
  expect(readAnswer(schema, `<thinking>${json}`)).toMatchObject({ kind: 'malformed' })
})
