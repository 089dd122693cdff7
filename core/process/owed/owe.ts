import type { Services } from '../services.ts'
import { callErrand } from './call-errand.ts'

/** Writes down that a task's expansion is owed, and sees that somebody comes for it. Once for a task, however many changes. */
export async function owe(id: string, since: number, already: number, services: Services): Promise<void> {
  if (already > 0) return
  await services.owed.add(services.connection.name, { id, since })
  await callErrand(services)
}
