import type { Owed } from '../../tasks/owed-store.ts'
import type { Services } from '../services.ts'

/**
 * Puts a task whose expansion is owed on the list, so that somebody has to come for it, after the debt is accounted for: what is
 * on the list and not accounted for is taken for paid.
 *
 * Again for every change that is published without it. That it is accounted for is no sign that it is on the list, or that
 * anybody has been called: whoever accounted for it, for a twin say, may have died right after. The list has a task once.
 */
export async function owe(owed: Owed, services: Services): Promise<void> {
  await services.owed.add(services.connection.name, owed)
}
