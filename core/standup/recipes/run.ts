import type { FieldInput } from '../../clickup/field-body.ts'
import { deliver } from '../deliver/deliver.ts'
import type { Delivery } from '../deliver/delivery.ts'
import { stands } from '../deliver/field.ts'
import type { Occasion } from '../deliver/occasion.ts'
import { isOver, type Made } from '../deliver/record.ts'
import type { Session } from '../deliver/session.ts'
import { loadOccasion, openOccasion } from '../deliver/store.ts'
import { loadNames, type Names } from '../say/names.ts'
import { summaryText } from '../say/text.ts'
import type { StandupServices } from '../services.ts'
import { knowledgeOf } from './knowledge.ts'
import { type Making, makeResult } from './make.ts'
import type { RecipeOutcome } from './outcome.ts'
import { recipeText } from './recipe-text.ts'
import { standingOf } from './standing.ts'
import { secondsUntil, type Target, targetOf } from './target.ts'

export type { RecipeOutcome } from './outcome.ts'

/** `occasion`: what it is done for, once for each: the id of the change that asked for it, or a day. */
export type RecipeRun = { name: string; taskId: string; occasion: string }

/**
 * The way of a recipe with one task:
 *
 *     still wanted? ─▶ what is to be filled? ─▶ open the record ─▶ gather and ask ─▶ keep ─▶ write
 *
 * What is known is read from the tables, the fields of the list from their cache: in the ordinary case the only call to ClickUp is
 * the write. What was made is kept before it is written, so that a crash asks no model twice and writes nothing twice.
 */
export async function runRecipe(run: RecipeRun, services: StandupServices): Promise<RecipeOutcome> {
  const { clock, dynamo, tables, settings, owner } = services
  const recipe = settings.recipes.find(({ name }) => name === run.name)
  if (recipe === undefined) return { kind: 'unknownName' }
  const { connection, name, prompt } = recipe

  const on = { taskId: run.taskId, occasion: run.occasion }
  const occasion: Occasion = { kind: 'recipe', connection, name, prompt, on }
  const kept = await loadOccasion({ dynamo, table: tables.state }, occasion)
  // What comes again costs one read.
  if (kept !== null && isOver(kept)) return { kind: 'already' }

  const knowledge = await knowledgeOf({ dynamo, tables }, connection, run.taskId)
  const standing = standingOf(recipe, { occasion: run.occasion, now: clock.now() }, knowledge)
  if (standing.kind !== 'wanted') return standing
  const { snapshot } = standing
  const target = await targetOf(recipe, snapshot, services)
  if (target.kind !== 'comment' && target.kind !== 'field') return target

  const opened = await openOccasion({ dynamo, table: tables.state, clock, owner }, occasion, [target.kind])
  if (opened.kind === 'over') return { kind: 'already' }
  if (opened.kind === 'busy') {
    const inSeconds = secondsUntil(opened.until, clock.now())
    return { kind: 'again', inSeconds, reason: 'Another worker is at it.' }
  }
  const { session } = opened
  try {
    return await workOn(session, { recipe, target, knowledge, snapshot }, services)
  } finally {
    await session.release()
  }
}

async function workOn(session: Session, making: Making, services: StandupServices): Promise<RecipeOutcome> {
  const { target, snapshot } = making
  let { made } = session.record
  let names: Names | null = null
  if (made === null) {
    const result = await makeResult(making, services)
    if (result.kind !== 'made') {
      await session.drop(`${result.kind}: ${result.why}`)
      return result
    }
    await session.keep(result.made)
    ;({ made, names } = result)
  }
  names ??= await namesIn(made, session, services)

  const delivery = deliveryOf(made, names, target, snapshot.id)
  const { field } = delivery
  const isThere = field !== undefined && stands(field.value, field.current)
  const delivered = await deliver(session, delivery, services)
  if (delivered.kind === 'again') return delivered
  const state = session.record.outputs[target.kind]
  if (state?.stage === 'failed') return { kind: 'failed', reason: state.reason }
  if (state === undefined)
    return { kind: 'failed', reason: `The recipe ${making.recipe.name} was changed while it was at work.` }
  if (isThere) return { kind: 'stands' }
  const by = made.kind === 'choice' ? made.choice.by.kind : made.summary.by.kind
  return { kind: 'done', to: target.kind, by }
}

const namesIn = async (made: Made, { record }: Session, services: StandupServices): Promise<Names> =>
  loadNames(services, record.occasion.connection, made.kind === 'summary' ? made.summary.statements : [])

/** What goes where. What was made for another form of the field is written as far as it fits: ClickUp refuses the rest. */
function deliveryOf(made: Made, names: Names, target: Target, taskId: string): Delivery {
  if (target.kind === 'comment') {
    const text = made.kind === 'summary' ? summaryText(made.summary, names, 'plain') : ''
    return { comment: { taskId, text } }
  }
  const { field, fillable, listId, current } = target
  const most = fillable.kind === 'text' ? fillable.most : 0
  const value: FieldInput = made.kind === 'choice' ? made.choice.value : recipeText(made.summary, names, most)
  return { field: { taskId, name: field.id, value, listId, current } }
}
