import { createHash } from 'node:crypto'

/** Characters of a mark: of two tasks of one list, one in sixty thousand million has another's. */
const WIDTH = 6
/** Of more, the run would not fit an item of DynamoDB (400 KB) beside what else stands in it. */
const MOST = 45_000

/** Which tasks of a list were seen: a mark for each instead of its id, page by page, because a run is kept in one item. */
type SeenMarks = readonly string[]

const markOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, WIDTH)

export const countOf = (seen: SeenMarks): number => seen.reduce((sum, marks) => sum + marks.length, 0) / WIDTH

/** Whether no more can be kept: then nothing can be said of what was not seen. */
export const isFull = (seen: SeenMarks): boolean => countOf(seen) >= MOST

export const withSeen = (seen: SeenMarks, ids: readonly string[]): string[] =>
  ids.length === 0 || isFull(seen) ? [...seen] : [...seen, ids.map(markOf).join('')]

export function seenIn(seen: SeenMarks): { has(id: string): boolean } {
  const marks = new Set<string>()
  for (const page of seen) for (let i = 0; i < page.length; i += WIDTH) marks.add(page.slice(i, i + WIDTH))
  return { has: (id) => marks.has(markOf(id)) }
}
