/** What backfill, sweep and census ask ClickUp for. */
export type Listing = 'tasks' | 'tasks of a list' | 'time entries' | 'spaces' | 'folders' | 'lists' | 'members'

const LISTINGS: readonly (readonly [Listing, RegExp, key: string])[] = [
  ['tasks', /^\/team\/\d+\/task$/, 'tasks'],
  ['tasks of a list', /^\/list\/\d+\/task$/, 'tasks'],
  ['time entries', /^\/team\/\d+\/time_entries$/, 'data'],
  ['spaces', /^\/team\/\d+\/space$/, 'spaces'],
  ['folders', /^\/space\/\d+\/folder$/, 'folders'],
  ['lists', /^\/(folder|space)\/\d+\/list$/, 'lists'],
  ['members', /^\/team$/, 'teams'],
]
export const listingNames = LISTINGS.map(([name]) => name)

/** Which listing a URL asks for, and under which key its answer has the rows; null for anything else. */
export function listingOf(url: string): { listing: Listing; key: string } | null {
  const path = new URL(url).pathname.replace(/^.*\/v2/, '')
  const found = LISTINGS.find(([, pattern]) => pattern.test(path))
  return found === undefined ? null : { listing: found[0], key: found[2] }
}
