/**
 * Writes `docs/schemas`: the JSON Schemas of the events, from the zod definitions, and the example events, which the
 * consumer's own code makes from example deliveries; and puts the examples that `docs/events.md` shows in their places.
 * The same code gives the same files, to the byte.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { Connection } from '../core/platform/connections.ts'
import {
  backfilledSchema,
  changeEventSchema,
  eventTaskSchema,
  summaryCreatedSchema,
  syncedSchema,
} from '../core/publish/index.ts'
import type { BusEvent } from '../local/aws/events/event.ts'
import { SELF_ID, STEPS } from './example-deliveries.ts'
import { examplePipeline } from './example-pipeline.ts'
import { exampleSummary } from './example-summary.ts'

export const SCHEMAS_FOLDER = join(import.meta.dirname, 'schemas')
export const DOCUMENT = join(import.meta.dirname, 'events.md')

const CONNECTION: Connection = { name: 'main', filter: {}, storeComments: false, storeEmails: false }

/** Draft 2020-12, and open: fields are added within a version, so what is unknown has to pass. */
function schemaOf(name: string, schema: z.ZodType): [string, unknown] {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
  return [`${name}.schema.json`, { $schema, $id: `urn:hookline:events:1:${name}`, ...rest }]
}

async function exampleEvents(): Promise<[string, BusEvent][]> {
  const pipeline = examplePipeline(CONNECTION, SELF_ID)
  let answers: Record<string, unknown> = {}
  const named: [string, BusEvent][] = []
  for (const { delivery, receivedAt, answers: changed = {}, files } of STEPS) {
    answers = Object.fromEntries(Object.entries({ ...answers, ...changed }).filter(([, answer]) => answer !== null))
    const events = await pipeline.deliver(delivery, receivedAt, answers)
    if (events.length !== files.length) {
      throw new Error(
        `${files.join(', ')}: the delivery makes ${events.map((event) => event['detail-type']).join(', ')}`,
      )
    }
    named.push(...events.map((event, i): [string, BusEvent] => [`examples/${files[i]}.json`, event]))
  }
  return named
}

/** Every file of `docs/schemas`, by its path in there. */
export async function generated(): Promise<Map<string, string>> {
  const files = [
    schemaOf('change-event', changeEventSchema),
    schemaOf('task', eventTaskSchema),
    schemaOf('hookline-synced', syncedSchema),
    schemaOf('backfill-completed', backfilledSchema),
    schemaOf('summary-created', summaryCreatedSchema),
    ...(await exampleEvents()),
    ['notices/summary-created.json', await exampleSummary()] as const,
  ]
  return new Map(files.map(([path, content]) => [path, `${JSON.stringify(content, null, 2)}\n`]))
}

/** The document with the text of each example after the comment that names it. */
export function withExamples(document: string, files: ReadonlyMap<string, string>): string {
  return document.replace(/(<!-- example: (\S+) -->\n```json\n)[\s\S]*?```/g, (_, opening: string, name: string) => {
    const text = files.get(`examples/${name}.json`) ?? files.get(`notices/${name}.json`)
    if (text === undefined) throw new Error(`There is no example ${name}`)
    return `${opening}${text}\`\`\``
  })
}

if (import.meta.main) {
  const files = await generated()
  rmSync(SCHEMAS_FOLDER, { recursive: true, force: true })
  for (const [path, text] of files) {
    const file = join(SCHEMAS_FOLDER, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(DOCUMENT, withExamples(readFileSync(DOCUMENT, 'utf8'), files))
}
