import type { ChangeEvent } from '../../publish/event.ts'
import type { RecipeSettings } from '../settings.ts'
import { isMeantFor, type Place, placeOfTask } from './place.ts'
import { isSameStatus, statusOf } from './status-name.ts'

/** Of a change that happens now: what is published again or comes from the past has had its recipe, or never had one. */
const LIVE: ReadonlySet<ChangeEvent['origin']> = new Set(['webhook', 'sweep'])

/**
 * The recipes that an event asks for: a task has come into their status, in one of their places. Never for what we have done
 * ourselves. Where the place is not known, because the task could not be read in time, the recipe asks again when it is done.
 */
export function recipesFor(event: ChangeEvent, recipes: readonly RecipeSettings[]): RecipeSettings[] {
  const { resource, field, origin, actor, before, after } = event
  if (resource.kind !== 'task' || field !== 'status' || !LIVE.has(origin) || actor?.isSelf === true) return []
  const status = statusOf(after)?.name ?? null
  const was = statusOf(before)?.name ?? null
  if (status === null || (was !== null && isSameStatus(was, status))) return []
  const place = placeOf(event)
  return recipes.filter(
    (recipe) =>
      recipe.connection === event.connection &&
      recipe.on.kind === 'status' &&
      isSameStatus(recipe.on.status, status) &&
      isMeantFor(recipe, place) !== 'no',
  )
}

function placeOf({ task, location }: ChangeEvent): Place {
  if (task !== null) return placeOfTask(task)
  const { list, space } = location
  return { lists: list === null ? [] : [list.id], space: space?.id ?? null, isWhole: false }
}
