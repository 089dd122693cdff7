import type { Scope } from '../../core/standup/material.ts'
import { placesOf } from '../commands/report-places.ts'
import { connectionOf } from '../connect/examine.ts'
import { Failure } from '../failure.ts'
import type { Target } from '../target.ts'

type Asked = { list: readonly string[]; space: readonly string[]; connection?: string | undefined }

/**
 * The lists and spaces that were asked for, by id or by name, in the connection that has them all.
 * @throws Failure where none has them, or several have
 */
export async function scopeAsked(target: Target, { list, space, connection }: Asked): Promise<Scope> {
  if (list.length + space.length === 0) return { connection: connectionOf(target, connection), lists: [], spaces: [] }
  const state = { dynamo: target.dynamo, table: target.tables.state }
  const among = connection === undefined ? target.connections : [connectionOf(target, connection)]
  const lists = await Promise.all(list.map((each) => placesOf(state, among, { list: each })))
  const spaces = await Promise.all(space.map((each) => placesOf(state, among, { space: each })))
  const [only, ...others] = among.filter((name) =>
    [...lists, ...spaces].every((found) => found.some((place) => place.connection === name)),
  )
  if (only === undefined)
    throw new Failure('These lists and spaces are not of one connection: ask for those of each by themselves.')
  if (others.length > 0)
    throw new Failure(`Several connections have that: name one with --connection: ${[only, ...others].join(', ')}.`)
  const idsOf = (found: typeof lists, id: 'listId' | 'spaceId') =>
    found.flatMap((places) => places.find((place) => place.connection === only)?.[id] ?? [])
  return { connection: only, lists: idsOf(lists, 'listId'), spaces: idsOf(spaces, 'spaceId') }
}
