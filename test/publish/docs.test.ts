import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { changeEventSchema, DETAIL_TYPES, EVENT_SOURCE, summaryCreatedSchema } from '../../core/publish/index.ts'
import { NOTICES } from '../../core/publish/notice.ts'
import { DOCUMENT as DOCUMENT_FILE, generated, SCHEMAS_FOLDER, withExamples } from '../../docs/generate-schemas.ts'
import { compilePattern } from '../../local/aws/events/pattern.ts'

const DOCUMENT = readFileSync(DOCUMENT_FILE, 'utf8')

const busEventSchema = z.looseObject({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.string(),
  detail: z.looseObject({ field: z.string(), resource: z.object({ kind: z.string(), id: z.string() }) }),
})

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))

const json = (path: string): unknown => JSON.parse(readFileSync(join(SCHEMAS_FOLDER, path), 'utf8'))
const example = (name: string) => busEventSchema.parse(json(`examples/${name}.json`))
const EXAMPLES = readdirSync(join(SCHEMAS_FOLDER, 'examples')).map((file) => file.replace(/\.json$/, ''))

/** The patterns of the document, with the examples that they are said to match. */
const patterns = () =>
  [...DOCUMENT.matchAll(/<!-- pattern matches: ([^>]+) -->\n```json\n([\s\S]*?)```/g)].map(
    ([, names = '', text = '']) => ({ names: names.split(' '), text }),
  )

describe('docs/schemas', () => {
  it('is what the code makes; when it is not: node docs/generate-schemas.ts', async () => {
    const made = await generated()
    expect(filesIn(SCHEMAS_FOLDER).sort()).toEqual([...made.keys()].sort())
    for (const [path, text] of made) {
      expect([path, readFileSync(join(SCHEMAS_FOLDER, path), 'utf8')]).toEqual([path, text])
    }
  })

  it('is the same each time', async () => {
    expect(await generated()).toEqual(await generated())
  })
})

describe('the JSON Schemas', () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  let isEvent: ReturnType<typeof ajv.compile>
  let isTask: ReturnType<typeof ajv.compile>
  beforeAll(() => {
    isEvent = ajv.compile(z.record(z.string(), z.unknown()).parse(json('change-event.schema.json')))
    isTask = ajv.compile(z.record(z.string(), z.unknown()).parse(json('task.schema.json')))
  })

  it.each(EXAMPLES)('and the zod schema take the example %s, every part of it', (name) => {
    const { detail } = example(name)
    expect([isEvent(detail), isEvent.errors]).toEqual([true, null])
    // Nothing is stripped: what an event carries is what the contract says.
    const parsed = changeEventSchema.parse(detail)
    expect(parsed).toEqual(detail)
    if (parsed.task !== null) expect([isTask(parsed.task), isTask.errors]).toEqual([true, null])
  })

  it('take a field that a later release adds, anywhere', () => {
    const { detail } = example('task-status-changed')
    const parsed = changeEventSchema.parse(detail)
    const later = { ...detail, added: 1, task: { ...parsed.task, added: { to: 'the task' } } }
    expect([isEvent(later), isEvent.errors]).toEqual([true, null])
    expect(changeEventSchema.safeParse(later).success).toBe(true)
  })

  it.each(['schemaVersion', 'changeId', 'at', 'task', 'omitted'])('refuse an event without %s, both', (key) => {
    const { [key]: _without, ...rest } = example('task-status-changed').detail
    expect(isEvent(rest)).toBe(false)
    expect(changeEventSchema.safeParse(rest).success).toBe(false)
  })

  it('refuse another version, both', () => {
    const other = { ...example('task-status-changed').detail, schemaVersion: 2 }
    expect(isEvent(other)).toBe(false)
    expect(changeEventSchema.safeParse(other).success).toBe(false)
  })
})

describe('the schemas of what Hookline tells of itself', () => {
  const detailOf = z.looseObject({ 'detail-type': z.string(), detail: z.record(z.string(), z.unknown()) })
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  const { detail } = detailOf.parse(json('notices/summary-created.json'))
  const isSummary = ajv.compile(z.record(z.string(), z.unknown()).parse(json('summary-created.schema.json')))

  it('take the example of a summary, every part of it', () => {
    expect([isSummary(detail), isSummary.errors]).toEqual([true, null])
    expect(summaryCreatedSchema.parse(detail)).toEqual(detail)
  })

  it('describe every part of a summary in the document', () => {
    const row = /^\| Summary Created \|.*$/m.exec(DOCUMENT)?.[0] ?? ''
    const common = ['schemaVersion', 'connection', 'publishedAt']
    const named = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
    expect([...named, ...common].sort()).toEqual(Object.keys(summaryCreatedSchema.shape).sort())
  })

  it.each(['summaryId', 'by', 'statements'])('refuse a summary without %s, both', (key) => {
    const { [key]: _without, ...rest } = detail
    expect(isSummary(rest)).toBe(false)
    expect(summaryCreatedSchema.safeParse(rest).success).toBe(false)
  })

  it('are listed in the document, all of them', () => {
    for (const type of Object.keys(NOTICES)) expect(DOCUMENT).toContain(`\n| ${type} |`)
  })
})

describe('docs/events.md', () => {
  /** The rows of the tables of detail types: the types of the first column, the fields of the second. */
  const rows = [...DOCUMENT.matchAll(/^\| (`[A-Z][^|]*`) \| ([^|]+) \|/gm)].map(([, types = '', fields = '']) => ({
    types: [...types.matchAll(/`([^`]+)`/g)].map(([, type]) => type ?? ''),
    fields: [...fields.matchAll(/`([^`]+)`/g)].map(([, field]) => field ?? ''),
  }))

  it('lists every detail type, once, and no other', () => {
    expect(rows.flatMap(({ types }) => types).sort()).toEqual([...DETAIL_TYPES].sort())
  })

  it('lists the field of every example beside its detail type', () => {
    for (const name of EXAMPLES) {
      const { 'detail-type': type, detail } = example(name)
      const row = rows.find(({ types }) => types.includes(type))
      const isGeneral = ['Task Field Changed', 'Goal Changed'].includes(type)
      if (!isGeneral) expect([name, row?.fields]).toEqual([name, expect.arrayContaining([detail.field])])
    }
  })

  it('describes every field of the detail', () => {
    const [, section = ''] = /`detail`, version 1[\s\S]*?\n\n([\s\S]*?)\n## /.exec(DOCUMENT) ?? []
    const described = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
    // The table's own heading is a field, too.
    expect(described.sort()).toEqual([...Object.keys(changeEventSchema.shape), 'field'].sort())
  })

  it('shows examples as they are', async () => {
    expect(DOCUMENT).toContain('<!-- example: ')
    expect(withExamples(DOCUMENT, await generated())).toBe(DOCUMENT)
  })

  it('gives patterns that match the examples that they say, and not everything', () => {
    expect(patterns().length).toBeGreaterThan(4)
    for (const { names, text } of patterns()) {
      const matches = compilePattern(JSON.parse(text))
      expect(names.filter((name) => !matches(example(name)))).toEqual([])
      expect(EXAMPLES.some((name) => !matches(example(name)))).toBe(true)
    }
  })

  it('links to files that are there', () => {
    const links = [...DOCUMENT.matchAll(/\]\((?!http|#)([^)#]+)[^)]*\)/g)].map(([, link]) => link ?? '')
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect([link, existsSync(join(SCHEMAS_FOLDER, '..', link))]).toEqual([link, true])
  })
})
