import * as z from 'zod'
import { type Hierarchy, loadHierarchy } from '../sync/hierarchy.ts'
import { loadMembers } from '../sync/members.ts'

type Named = { id: string; name: string | null }
export type PlaceKind = 'list' | 'folder' | 'space'

/** What is stored of a workspace's places, people and statuses, for whoever is told names and needs ids. */
export type KnownPlaces = {
  list: readonly Named[]
  folder: readonly Named[]
  space: readonly Named[]
  people: readonly Named[]
  statuses: readonly { name: string; type: string }[]
}

type State = Parameters<typeof loadHierarchy>[0]

export async function loadKnownPlaces(state: State, connections: readonly string[]): Promise<KnownPlaces> {
  const hierarchies = await Promise.all(connections.map((connection) => loadHierarchy(state, connection)))
  const members = await Promise.all(connections.map((connection) => loadMembers(state, connection)))
  const spaces = hierarchies.flatMap((hierarchy: Hierarchy | null) => hierarchy?.spaces ?? [])
  return {
    list: spaces.flatMap(({ lists }) => lists),
    folder: spaces.flatMap(({ folders }) => folders),
    space: spaces,
    people: members.flatMap((each) => each?.members ?? []),
    statuses: spaces.flatMap(({ fields }) => statusesSchema.safeParse(fields['statuses']).data ?? []),
  }
}

const statusesSchema = z.array(z.looseObject({ name: z.string(), type: z.string() }))

export type Resolved =
  | { kind: 'found'; id: string; name: string | null }
  /** It looks like an id, and nothing of that id was listed yet. */
  | { kind: 'unlisted'; id: string }
  | { kind: 'ambiguous'; ids: readonly string[] }
  | { kind: 'unknown'; names: readonly string[] }

/** So many names are told to somebody who asked for one that is not there. */
const MOST_NAMES = 8

/** What a text means: an id, or a name in any case. */
export function resolve(text: string, among: readonly Named[]): Resolved {
  const word = text.trim()
  const byId = among.find(({ id }) => id === word)
  if (byId !== undefined) return { kind: 'found', ...byId }
  const same = among.filter(({ name }) => name?.toLowerCase() === word.toLowerCase())
  const ids = [...new Set(same.map(({ id }) => id))]
  const [first] = same
  if (first !== undefined && ids.length === 1) return { kind: 'found', id: first.id, name: first.name }
  if (ids.length > 1) return { kind: 'ambiguous', ids }
  if (/^\d+$/.test(word)) return { kind: 'unlisted', id: word }
  return { kind: 'unknown', names: among.flatMap(({ name }) => name ?? []).slice(0, MOST_NAMES) }
}

/** What `--to` means for a status: a name that some space has, else ClickUp's type of that name. */
export function statusValue(text: string, { statuses }: KnownPlaces): { value: string; isKnown: boolean } {
  const word = text.trim().toLowerCase()
  if (word.startsWith('type:')) return { value: word, isKnown: true }
  if (statuses.some(({ name }) => name.toLowerCase() === word)) return { value: text.trim(), isKnown: true }
  if (statuses.some(({ type }) => type === word)) return { value: `type:${word}`, isKnown: true }
  return { value: text.trim(), isKnown: false }
}
