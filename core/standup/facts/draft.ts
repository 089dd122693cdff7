import type { FactDetail } from '../material.ts'

/** A fact before it has an id: tasks stand in it by their own ids, and persons by their keys (`persons.ts`). */
export type Draft = FactDetail & {
  taskId: string | null
  changeIds: readonly string[]
  /** Sorts it among those of its kind; mostly a time, ms since 1970. */
  order: number
}

/** So many ids are kept of either end: of a task that went back and forth all day, the rest shows nothing more. */
const MOST_OF_AN_END = 10

/** The ids of the changes that a fact rests on, in the order in which they happened. */
export function restingOn(changes: readonly { id: string }[]): string[] {
  const ids = changes.map(({ id }) => id)
  return ids.length <= 2 * MOST_OF_AN_END ? ids : [...ids.slice(0, MOST_OF_AN_END), ...ids.slice(-MOST_OF_AN_END)]
}
