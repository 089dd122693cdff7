import * as z from 'zod'
import type { Choice } from '../choice.ts'
import type { Material } from '../material.ts'
import type { AskModel } from '../model/model.ts'
import { dataOf, quoted } from '../say/data.ts'
import type { NoModel } from '../statement.ts'
import type { Fillable, Option } from './fillable.ts'

export type Choosing = {
  ask: AskModel
  /** Its placeholders are filled. */
  prompt: { name: string; text: string }
  /** ms since 1970. */
  now: number
}

export type Chosen =
  | { kind: 'chosen'; choice: Choice }
  /** `none`: it has found nothing that fits. `uncited`: what it has chosen rests on nothing that it was given. */
  | { kind: 'noChoice'; why: 'none' | 'uncited' }
  | { kind: 'noModel'; why: NoModel }

/** What a model answers with where nothing fits: an answer that may be missing is not held to by every provider. */
const NONE = 'none of these'

/** Read with patience: what is wrong is no option, and an option in other letters is that option. */
const answerSchema = z.object({
  chosen: z.array(z.string()).catch([]),
  cites: z.array(z.string()).catch([]),
})

/**
 * Has a model choose among the options of a field, by what is known of a task. It can answer with nothing but options: whatever
 * somebody has written into the task, no other value comes out, and none for another field or task.
 */
export async function choose(
  material: Material,
  fillable: Extract<Fillable, { kind: 'choice' }>,
  { ask, prompt, now }: Choosing,
): Promise<Chosen> {
  const { field, many, options } = fillable
  const [first = NONE, ...rest] = new Set([...options.map(({ label }) => label), NONE])
  const said = await ask({
    instructions: prompt.text,
    data: [dataOf(material), ...fieldLines(field.name, many, options)].join('\n'),
    answer: answerSchema,
    form: z.object({ chosen: z.array(z.enum([first, ...rest])), cites: z.array(z.string()) }),
  })
  if (said.kind === 'nothing') return { kind: 'noModel', why: said.why }

  const { chosen, cites } = said.value
  const picked = many ? optionsNamed(options, chosen) : optionsNamed(options, chosen.slice(0, 1))
  const [one] = picked
  if (one === undefined) return { kind: 'noChoice', why: 'none' }
  const sources = [...material.facts, ...(material.texts ?? [])]
  const rests = cites.map((id) => sources.find((source) => source.id === id.trim()))
  if (rests.length === 0 || rests.includes(undefined)) return { kind: 'noChoice', why: 'uncited' }
  return {
    kind: 'chosen',
    choice: {
      value: many ? picked.map(({ value }) => String(value)) : one.value,
      by: { kind: 'model', provider: said.provider, model: said.model, prompt: prompt.name },
      changeIds: [...new Set(rests.flatMap((source) => source?.changeIds ?? []))],
      taskIds: [...material.tasks.values()].map(({ id }) => id),
      tokens: said.tokens,
      costUsd: said.costUsd,
      madeAt: now,
    },
  }
}

/** What is to be filled, as data like all the rest: options have been named by somebody, too. */
const fieldLines = (name: string, many: boolean, options: readonly Option[]): string[] => [
  '<field>',
  `name ${quoted(name)}`,
  many ? 'choose as many as fit' : 'choose one',
  'OPTIONS',
  ...options.map(({ label }) => quoted(label)),
  quoted(NONE),
  '</field>',
]

/** The options of these names, each once and in the order of the field. A name that is none is passed over. */
function optionsNamed(options: readonly Option[], names: readonly string[]): Option[] {
  const wanted = new Set(names.map(folded))
  return options.filter(({ label }) => wanted.has(folded(label)))
}

const folded = (name: string) => name.trim().toLowerCase()
