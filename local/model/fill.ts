import * as z from 'zod'
import type { Random } from '../clickup/random.ts'
import type { Behaviour } from './behaviours.ts'
import { type DataRead, readData } from './read-data.ts'
import { statementsOf } from './statements.ts'

const schemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
})

/** What a model answers: statements where they are asked for, else the form filled in with what the data has. */
export function answerOf(asked: { form: unknown; data: string }, behaviour: Behaviour, random: Random): unknown {
  const data = readData(asked.data)
  const form = schemaSchema.safeParse(asked.form).data
  // Without a form the instructions alone say what to answer, and what they ask for is statements.
  if (form === undefined || form.properties?.['statements'] !== undefined)
    return { statements: statementsOf(data, behaviour, random) }
  return fill(form, { name: 'answer', data, behaviour, random })
}

type Filling = { name: string; data: DataRead; behaviour: Behaviour; random: Random }

function fill(given: unknown, filling: Filling): unknown {
  const { name, data, behaviour, random } = filling
  const schema = schemaSchema.parse(given)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  if (schema.anyOf !== undefined) return fill(random.pick(schema.anyOf), filling)
  const [type] = [schema.type].flat()
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, each]) => [key, fill(each, { ...filling, name: key })]),
      )
    case 'array':
      if (name === 'cites') return cites(data, behaviour)
      return [fill(schema.items, filling)]
    case 'number':
    case 'integer':
      return behaviour === 'madeUpNumbers' ? 9_999 : 1
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return behaviour === 'links' ? 'See http://127.0.0.1/steal.' : 'It is in work.'
  }
}

function cites({ citable }: DataRead, behaviour: Behaviour): string[] {
  if (behaviour === 'uncited') return []
  return behaviour === 'madeUpFacts' ? ['f999'] : citable.slice(0, 1)
}
