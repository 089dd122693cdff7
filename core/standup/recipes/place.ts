import type { Snapshot } from '../../tasks/snapshot.ts'
import type { RecipeSettings } from '../settings.ts'

/** Where a task is, by ids. */
export type Place = {
  lists: readonly string[]
  space: string | null
  /** Whether it is in no other list: a delivery names one at most. */
  isWhole: boolean
}

/** Where a task is, as it was last read. */
export const placeOfTask = ({ list, locations, space }: Pick<Snapshot, 'list' | 'locations' | 'space'>): Place => ({
  lists: [...(list === null ? [] : [list]), ...locations].map(({ id }) => id),
  space: space?.id ?? null,
  isWhole: true,
})

/**
 * Whether a recipe is meant for what is at a place: in one of its lists (to live there or to be added there counts alike) or
 * spaces; a recipe without any is for its whole connection. `unknown` where only a reading of the task could tell.
 */
export function isMeantFor(
  { lists, spaces }: Pick<RecipeSettings, 'lists' | 'spaces'>,
  place: Place,
): 'yes' | 'no' | 'unknown' {
  if (lists.length === 0 && spaces.length === 0) return 'yes'
  if (place.lists.some((id) => lists.includes(id))) return 'yes'
  if (place.space !== null && spaces.includes(place.space)) return 'yes'
  return place.isWhole ? 'no' : 'unknown'
}
