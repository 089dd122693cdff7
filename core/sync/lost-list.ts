import type { FoundPlace } from '../process/found/found.ts'
import { loadHierarchy, type SpacePlace, saveSpace } from './hierarchy.ts'
import type { SyncServices } from './services.ts'
import { type Refusal, single } from './walked.ts'

export type LostList =
  | {
      kind: 'asked'
      places: FoundPlace[]
      calls: number
      /** To be done when what was found has been handed over. */
      save(): Promise<void>
    }
  | { kind: 'fault'; fault: Refusal }

/**
 * What became of an archived list whose tasks cannot be listed, and of its folder where that is archived, too. Sweeps walk no
 * archived places, so nobody else ever asks for them again: without this they would stand for ever, and be counted in vain every
 * day. In a space that is out of sight itself nothing is gone for all that anybody can tell: ClickUp does not tell the two apart.
 */
export async function lostList(listId: string, services: SyncServices): Promise<LostList> {
  const { connection, state } = services
  const hierarchy = await loadHierarchy(state, connection.name)
  const space = hierarchy?.spaces.find(({ lists }) => lists.some(({ id }) => id === listId))
  const list = space?.lists.find(({ id }) => id === listId)
  const places: FoundPlace[] = []
  let calls = 0
  const asked = (next?: SpacePlace): LostList => ({
    ...{ kind: 'asked', places, calls },
    save: async () => next && saveSpace(state, connection.name, next),
  })
  if (space === undefined || !list?.archived) return asked()
  const folder = space.folders.find(({ id, archived }) => archived && id === list.folderId)
  const around = await single({ kind: 'space', id: space.id }, services)
  if (around.kind === 'fault') return around
  calls += 1
  if (around.kind !== 'there') return asked()
  for (const place of [
    { kind: 'list', id: listId } as const,
    ...(folder ? [{ kind: 'folder', id: folder.id } as const] : []),
  ]) {
    const seen = await single(place, services)
    if (seen.kind === 'fault') return seen
    calls += 1
    if (seen.kind === 'gone') places.push(seen.place)
  }
  const gone = new Set(places.map(({ id }) => id))
  return asked({
    ...space,
    folders: space.folders.filter(({ id }) => id !== folder?.id || !gone.has(id)),
    lists: space.lists.filter(({ id }) => id !== listId || !gone.has(id)),
  })
}
