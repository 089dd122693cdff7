import type { Material } from '../material.ts'
import type { AskModel, Said } from '../model/model.ts'
import type { Statement, Summary } from '../statement.ts'
import { answerForm, answerSchema, MOST_STATEMENTS } from './answer.ts'
import { complete, type Spoken } from './complete.ts'
import { dataOf } from './data.ts'
import { digestOf } from './digest.ts'
import { keep } from './keep.ts'
import { type Names, namesOf } from './names.ts'
import { notesOf } from './notes.ts'
import { filledPrompt, type Prompt, wordsOf } from './prompts.ts'
import { verify } from './verify.ts'

export type Saying = {
  ask: AskModel
  /** Its name is kept with the summary. */
  prompt: Prompt
  /** Who reads it, in words. */
  audience: string
  /** ms since 1970. */
  now: number
}

/** `cites`: ids of the material's facts that the summary's statements rest on, those of the template included. */
export type SaidMaterial = { summary: Summary; names: Names; cites: readonly string[] }

/**
 * Makes a summary of a material: asks a model, removes what it cannot know, adds what it left out, and says everything by template
 * where there is no model, or nothing of what it said is left. What it took is kept in every case.
 */
export async function sayMaterial(material: Material, { ask, prompt, audience, now }: Saying): Promise<SaidMaterial> {
  const words = wordsOf(prompt)
  const said = await askFor(material, { ask, instructions: filledPrompt(prompt.text, { audience }) })
  const answered = said.kind === 'said' ? said.value.statements : []
  const { kept, removed } = verify(answered.slice(0, MOST_STATEMENTS), material, words)
  const surplus = Math.max(0, answered.length - MOST_STATEMENTS)
  const isByModel = said.kind === 'said' && kept.length > 0
  const { statements, added } = isByModel ? complete(kept, material, words) : { statements: digest(material), added: 0 }
  const { about, span, watermark, facts, totals } = material
  const summary: Summary = {
    statements: statements.map((statement) => keep(statement, material)),
    by: isByModel
      ? { kind: 'model', provider: said.provider, model: said.model, prompt: prompt.name }
      : { kind: 'template', why: said.kind === 'said' ? 'nothingLeft' : said.why },
    removed: surplus === 0 ? removed : { ...removed, form: (removed.form ?? 0) + surplus },
    added,
    ...{ tokens: said.tokens, costUsd: said.costUsd, about, span, watermark, madeAt: now },
    left: Object.values(totals).reduce((sum, count) => sum + count, 0) - facts.length,
    notes: notesOf(material),
  }
  const cites = [...new Set(statements.flatMap((statement) => statement.cites))]
  return { summary, names: namesOf(material), cites }
}

type Answer = Said<{ statements: Statement[] }>

/** Of nothing a model can only invent something. */
const askFor = async (
  material: Material,
  { ask, instructions }: { ask: AskModel; instructions: string },
): Promise<Answer> =>
  material.facts.length === 0 && (material.texts ?? []).length === 0
    ? { kind: 'nothing', why: 'nothingHappened', reason: '', tokens: { input: 0, output: 0 }, costUsd: 0 }
    : ask({ instructions, data: dataOf(material), answer: answerSchema, form: answerForm })

const digest = (material: Material): Spoken[] => digestOf(material).map((each) => ({ ...each, by: 'template' }))
