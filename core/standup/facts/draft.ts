import type { FactDetail, Moment } from '../material.ts'

/** A fact before it has an id: tasks stand in it by their own ids, and persons by their keys (`persons.ts`). */
export type Draft = FactDetail & {
  taskId: string | null
  changeIds: readonly string[]
  /** Sorts it among those of its kind; mostly a time, ms since 1970. */
  order: number
}

/** When a change happened; of what a sweep has found only until when is known. */
export const momentOf = ({ at, atEarliest }: { at: number; atEarliest: number }): Moment => ({
  at,
  ...(atEarliest < at && { isAtLatest: true }),
})

type Acted = { actor: { id: string; name: string | null } | null }

/**
 * Who brought something from one state into another, by several changes: whoever has done all of it, or the last one at one go. Of
 * what two have done a half each, neither is told to have done it.
 *
 * @param isWhole whether a change leads from the first state itself
 */
export function actorOf<Change extends Acted>(
  changes: readonly Change[],
  isWhole: (change: Change) => boolean,
): Acted['actor'] {
  const last = changes.at(-1)
  if (last === undefined) return null
  const isOne = new Set(changes.map(({ actor }) => actor?.id)).size === 1
  return isOne || isWhole(last) ? last.actor : null
}

/** So many ids are kept of either end: of a task that went back and forth all day, the rest shows nothing more. */
const MOST_OF_AN_END = 10

/** The ids of the changes that a fact rests on, in the order in which they happened. */
export function restingOn(changes: readonly { id: string }[]): string[] {
  const ids = changes.map(({ id }) => id)
  return ids.length <= 2 * MOST_OF_AN_END ? ids : [...ids.slice(0, MOST_OF_AN_END), ...ids.slice(-MOST_OF_AN_END)]
}
