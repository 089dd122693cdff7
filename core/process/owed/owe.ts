import type { Services } from '../services.ts'

type Owing = { id: string; times: readonly number[] }

/**
 * Puts a task whose expansion is owed on the list, so that somebody has to come for it. Once for a task, however many changes,
 * and after the debt is accounted for: what is on the list and not accounted for is taken for paid.
 *
 * @returns whether it was put there
 * @param times when the changes came in that are published without it
 * @param already since when it was owed before: by one of these, if a worker died before it had written the list
 */
export async function owe({ id, times }: Owing, already: number, services: Services): Promise<boolean> {
  if (times.length === 0 || (already > 0 && !times.includes(already))) return false
  await services.owed.add(services.connection.name, { id, since: already || Math.min(...times) })
  return true
}
