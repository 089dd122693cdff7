import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Hierarchy, loadHierarchy } from '../../core/sync/hierarchy.ts'
import { Failure } from '../failure.ts'

export type Places = { connection: string; spaceId: string | undefined; listId: string | undefined }
type Asked = { space?: string | undefined; list?: string | undefined }
type Named = { id: string; name: string }

/**
 * Which space and list are meant, by id or by name in any case, in each of the connections that have them. Where the places
 * were never listed, only ids will do.
 * @throws Failure when no connection has them, or a name is that of several
 */
export async function placesOf(
  state: { dynamo: DynamoDBDocumentClient; table: string },
  connections: readonly string[],
  { space, list }: Asked,
): Promise<Places[]> {
  const found: Places[] = []
  const known: Named[] = []
  for (const connection of connections) {
    const hierarchy = await loadHierarchy(state, connection)
    const [spaces, lists] = [spacesOf(hierarchy), listsOf(hierarchy)]
    const spaceId = idOf('space', space, spaces, hierarchy === null)
    const listId = idOf('list', list, lists, hierarchy === null)
    if (spaceId !== null && listId !== null) found.push({ connection, spaceId, listId })
    known.push(...(space !== undefined && spaceId === null ? spaces : lists))
  }
  if (found.length > 0) return found
  const [what, asked] =
    space === undefined ? ['list', list] : ['space or list', [space, list].filter(Boolean).join(' and ')]
  const names = known.slice(0, 20).map(({ name, id }) => `${name} (${id})`)
  throw new Failure(
    `There is no ${what} ${asked}: use one of ${names.join(', ') || 'none, because nothing was listed yet'}.`,
  )
}

const spacesOf = (hierarchy: Hierarchy | null): Named[] => hierarchy?.spaces ?? []
const listsOf = (hierarchy: Hierarchy | null): Named[] => hierarchy?.spaces.flatMap(({ lists }) => lists) ?? []

/** `undefined`: none was asked for; `null`: there is none. */
function idOf(what: string, asked: string | undefined, places: readonly Named[], isUnknown: boolean) {
  if (asked === undefined) return undefined
  if (isUnknown) return /^\d+$/.test(asked) ? asked : null
  if (places.some(({ id }) => id === asked)) return asked
  const named = places.filter(({ name }) => name.trim().toLowerCase() === asked.trim().toLowerCase())
  if (named.length > 1) {
    throw new Failure(
      `There are ${named.length} of the ${what} ${asked}: say which by its id, ${named.map(({ id }) => id).join(' or ')}.`,
    )
  }
  return named[0]?.id ?? null
}
