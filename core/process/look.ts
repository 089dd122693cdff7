import type { Change } from '../ledger/change.ts'
import { lookAtPlace } from './look-at-place.ts'
import { lookAtTask } from './look-at-task.ts'
import type { Hint } from './seen.ts'
import type { Services } from './services.ts'
import type { Outcome } from './work.ts'

/** What a look finds: changes on their way to the ledger (none, when it explains all that is seen), or why it could not look. */
export type Look = { kind: 'found'; changes: Change[] } | { kind: 'blocked'; outcome: Outcome }

const ATTEMPTS = 5

/**
 * Looks where a hint points, and makes changes of the difference between what is seen and what is accounted for.
 *
 * The changes are written to the outbox before anybody hears of them: whoever looks next, after a crash or at the same
 * time, finds these and no others. Their ids hold the version that they start from, so a repeated hint makes none.
 */
export async function look(hint: Hint, services: Services): Promise<Look> {
  const { connection } = services
  const { resource } = hint
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await services.known.load(connection.name, resource)
    if (known !== null && known.outbox.length > 0) return { kind: 'found', changes: known.outbox }
    const seen = resource.kind === 'task' ? await lookAtTask(hint, services) : await lookAtPlace(hint, services)
    if (seen.kind === 'blocked') return seen
    const changes = seen.changesSince(known)
    if (changes.length === 0 && known !== null) return { kind: 'found', changes }
    const next = { ...(known ?? seen.first), version: (known?.version ?? 0) + 1, outbox: changes }
    if (await services.known.save(connection.name, resource, next, known?.version ?? null))
      return { kind: 'found', changes }
  }
  throw new Error(
    `What is accounted of ${resource.kind} ${resource.id} was written by others ${ATTEMPTS} times in a row`,
  )
}
