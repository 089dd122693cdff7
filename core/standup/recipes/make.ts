import type { Snapshot } from '../../tasks/snapshot.ts'
import type { Made } from '../deliver/record.ts'
import { nameText } from '../facts/name-text.ts'
import { readSurroundings } from '../facts/surroundings.ts'
import type { Material } from '../material.ts'
import { quoted } from '../say/data.ts'
import type { Names } from '../say/names.ts'
import { filledPrompt } from '../say/prompts.ts'
import { sayMaterial } from '../say/say.ts'
import type { StandupServices } from '../services.ts'
import type { RecipeSettings } from '../settings.ts'
import { choose } from './choose.ts'
import type { TaskKnowledge } from './knowledge.ts'
import type { RecipeOutcome } from './outcome.ts'
import { ownFields } from './own-fields.ts'
import type { Target } from './target.ts'
import { taskMaterial } from './task-material.ts'

export type Making = { recipe: RecipeSettings; target: Target; knowledge: TaskKnowledge; snapshot: Snapshot }

export type Result =
  | { kind: 'made'; made: Made; names: Names | null }
  | Extract<RecipeOutcome, { kind: 'noModel' | 'noChoice' }>

/** Makes what a recipe is to write: a text, which a template makes where no model does, or a choice, which it cannot make. */
export async function makeResult(making: Making, services: StandupServices): Promise<Result> {
  const { recipe, target } = making
  const { ask, clock } = services
  const material = await materialFor(making, services)
  const prompt = await services.prompt(recipe.prompt)
  // Whoever may rename a field is nobody who gives instructions.
  const field = target.kind === 'field' ? quoted(nameText(target.field.name, target.field.id)) : ''
  const text = filledPrompt(prompt.text, { field })
  const now = clock.now()

  if (target.kind === 'field' && target.fillable.kind === 'choice') {
    const chosen = await choose(material, target.fillable, { ask, prompt: { name: recipe.prompt, text }, now })
    if (chosen.kind !== 'chosen') return chosen
    return { kind: 'made', made: { kind: 'choice', choice: chosen.choice }, names: null }
  }
  const audience = field === '' ? 'whoever takes the task over' : `whoever reads the field ${field} of the task`
  const { summary, names } = await sayMaterial(material, { ask, prompt: { ...prompt, text }, audience, now })
  return { kind: 'made', made: { kind: 'summary', summary }, names }
}

async function materialFor({ recipe, knowledge, snapshot }: Making, services: StandupServices): Promise<Material> {
  const { clock, dynamo, tables, settings, selfOf } = services
  const { connection } = recipe
  const [surroundings, selfId] = await Promise.all([
    readSurroundings({ dynamo, table: tables.state }, connection),
    selfOf(connection),
  ])
  const isOwnField = ownFields(settings, connection)
  return taskMaterial(knowledge, snapshot, surroundings, { connection, settings, now: clock.now(), selfId, isOwnField })
}
