import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { QUERIES, savedAs } from '../../../infra/queries/index.ts'
import { ofType, type Synth, synth, text } from '../support/template.ts'

/** Of a stage without summaries. */
const SAVED = QUERIES.filter(({ needs }) => needs === undefined)

let built: Synth
beforeAll(() => {
  built = synth()
}, 60_000)
afterAll(() => built.remove())

describe('saved', () => {
  const definitionSchema = z.object({
    Name: z.string(),
    QueryString: z.string(),
    LogGroupNames: z.array(z.unknown()),
  })

  it('each once, under a name that the console shows as a folder of the stage, about the logs of functions that are there', () => {
    const definitions = ofType(built.service, 'AWS::Logs::QueryDefinition').map(({ Properties }) =>
      definitionSchema.parse(Properties),
    )
    expect(definitions.map(({ Name }) => Name)).toEqual(SAVED.map(({ name }) => savedAs('prod', name)))
    const groups = ofType(built.service, 'AWS::Logs::LogGroup').map(({ id }) => `\${${id}}`)
    const functions = ofType(built.service, 'AWS::Lambda::Function')
    for (const [index, { QueryString, LogGroupNames }] of definitions.entries()) {
      const saved = SAVED[index]
      expect(QueryString).toBe(`# ${saved?.question}\n${saved?.query}`)
      // CloudWatch takes 10,000 characters and 50 groups.
      expect(QueryString.length).toBeLessThan(10_000)
      const names = LogGroupNames.map((name) => text(name, built.data))
      expect(names.filter((name) => !groups.includes(name))).toEqual(
        saved?.logsOf === 'all' || saved?.logsOf.includes('api') ? ['/aws/vendedlogs/hookline-prod/api'] : [],
      )
      if (saved?.logsOf === 'all') expect(names).toHaveLength(functions.length + 1)
    }
  })

  it('and told in docs/operations.md, each with its question', () => {
    const docs = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'operations.md'), 'utf8')
    const section = docs.slice(docs.indexOf('## Saved queries'), docs.indexOf('## Quarantine'))
    const rows = QUERIES.map(({ name, question, logsOf }) => {
      return `| \`${name}\` | ${question} | ${logsOf === 'all' ? 'all' : logsOf.join(', ')} |`
    })
    expect(section.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows)
  })

  it('under names that differ, each with a question', () => {
    expect(new Set(QUERIES.map(({ name }) => name)).size).toBe(QUERIES.length)
    for (const { name, question } of QUERIES) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/)
      expect(question).toMatch(/\?/)
    }
  })
})
