import type { Change, Resource } from '../ledger/change.ts'
import { account, baseline, factsOf, factsOfSnapshot, type Known } from '../tasks/known.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import type { Services } from './services.ts'

const ATTEMPTS = 8

/**
 * Accounts for changes that are about to be completed, and takes them out of the outbox. Comes before completion, so that
 * a crash between the two repeats it: accounting twice is accounting once.
 *
 * @param stored what was accounted for when the batch began, if it was read: one call less in the common case.
 */
export async function accountFor({ resource, changes, task, stored }: Accounting, services: Services): Promise<void> {
  const connection = services.connection.name
  let known = stored === undefined ? await services.known.load(connection, resource) : stored
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = accounted(known, { resource, changes, task })
    if (next === null || (await services.known.save(connection, resource, next, known?.version ?? null))) return
    known = await services.known.load(connection, resource)
  }
  throw new Error(
    `What is accounted of ${resource.kind} ${resource.id} was written by others ${ATTEMPTS} times in a row`,
  )
}

export type Accounting = {
  resource: Resource
  changes: readonly Change[]
  task: Snapshot | null
  stored: Known | null | undefined
}

/** The knowledge after the changes; `null` when there is nothing to write. */
function accounted(
  known: Known | null,
  { resource, changes, task }: Pick<Accounting, 'resource' | 'changes' | 'task'>,
) {
  const first = known ?? beginning(resource, task)
  if (first === null) return null
  const done = new Set(changes.map((change) => change.id))
  const outbox = first.outbox.filter((change) => !done.has(change.id))
  const nothingNew =
    known !== null && outbox.length === known.outbox.length && changes.every((each) => factsOf(each).length === 0)
  return nothingNew ? null : { ...account(first, changes), outbox }
}

/** Knowledge of a task begins with its first snapshot; that of a list, folder, space or goal only with a look at it. */
function beginning(resource: Resource, task: Snapshot | null): Known | null {
  if (resource.kind !== 'task') return null
  return baseline(task === null ? new Map() : factsOfSnapshot(task))
}
