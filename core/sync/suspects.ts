import type { FoundContext } from '../process/found/found.ts'
import { taskFound } from '../process/found/found-task.ts'
import type { Known } from '../tasks/known.ts'
import type { SyncServices } from './services.ts'

/** A task that shows what nothing explains, and since when that was seen; 0 where it may have been so for any time. */
export type Unresolved = { id: string; openSince: number }

/** Of tasks that showed what nothing explained, those of which that is still so: a delivery may have come meanwhile. */
export async function unresolved(
  ids: readonly string[],
  found: FoundContext,
  { tasks, connection }: Pick<SyncServices, 'tasks' | 'connection'>,
): Promise<Unresolved[]> {
  if (ids.length === 0) return []
  const stored = await tasks.load(connection.name, ids)
  return [...stored].flatMap(([id, { snapshot, known }]): Unresolved[] => {
    if (snapshot === null) return []
    const { next, changes } = taskFound(snapshot, known, { connection, found })
    if (changes.length > 0) return [{ id, openSince: 0 }]
    // One that nothing is known of was made after all that can be a change yet.
    const open = openOf(next ?? known)
    return open.length === 0 ? [] : [{ id, openSince: Math.min(...open) }]
  })
}

/** Since when there have been differences, and hops between changes, that are too young to be changes. */
export const openOf = (known: Known | null): number[] =>
  known === null ? [] : [...Object.values(known.suspects), ...known.hops].map(({ openSince }) => openSince)
