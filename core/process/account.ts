import type { Change, Resource } from '../ledger/change.ts'
import { account, isBirth, sweptBy } from '../tasks/account.ts'
import { factsOf } from '../tasks/facts.ts'
import { beginning, begunWith, type Known } from '../tasks/known.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import type { Services } from './services.ts'

const ATTEMPTS = 8

/**
 * Accounts for changes that are about to be completed. Comes before completion, so that a crash between the two repeats it:
 * accounting twice is accounting once.
 *
 * @param stored what was accounted for when the batch began, if it was read: one call less in the common case
 * @returns since when the resource's expansion is owed now; 0 when it is not
 */
export async function accountFor(
  { resource, changes, task, stored, owedSince }: Accounting,
  services: Services,
): Promise<number> {
  const standing = await revise(resource, services, stored, (known) => {
    // That of a list, folder, space or goal begins only with a look at it.
    const first = known ?? (resource.kind === 'task' ? { ...beginning(task), unborn: true } : null)
    const owes = owedSince > 0 && known?.owedSince === 0
    const begins = known !== null && begunWith(known, task) !== known
    const isSwept = known !== null && sweptBy(changes, known).sweptUntil > known.sweptUntil
    const isBorn = known?.unborn === true && changes.some(isBirth)
    const tells = changes.some((change) => factsOf(change).length > 0)
    const news = known === null || owes || begins || isSwept || isBorn || tells
    if (first === null || !news) return null
    return { ...account(begunWith(first, task), changes), owedSince: first.owedSince || owedSince }
  })
  return standing?.owedSince ?? 0
}

export type Accounting = {
  resource: Resource
  changes: readonly Change[]
  task: Snapshot | null
  stored: Known | null | undefined
  /** Since when the task's expansion is owed, because these are published without; 0 when it is not. */
  owedSince: number
}

/** Takes changes out of the outbox. Comes after completion: until then the outbox may be the only copy. */
export async function emptyOutbox(resource: Resource, done: ReadonlySet<string>, services: Services): Promise<void> {
  await revise(resource, services, undefined, (known) => {
    const outbox = known?.outbox.filter(({ id }) => !done.has(id)) ?? []
    if (known === null || outbox.length === known.outbox.length) return null
    return { ...known, version: known.version + 1, outbox }
  })
}

/**
 * Writes what `change` makes of the knowledge that stands, again if somebody else was quicker; nothing for `null`. Answers with
 * what stands then.
 */
export async function revise(
  resource: Resource,
  { connection, known }: Pick<Services, 'connection' | 'known'>,
  stored: Known | null | undefined,
  change: (standing: Known | null) => Known | null,
): Promise<Known | null> {
  let standing = stored === undefined ? await known.load(connection.name, resource) : stored
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = change(standing)
    if (next === null) return standing
    if (await known.save(connection.name, resource, next, standing?.version ?? null)) return next
    standing = await known.load(connection.name, resource)
  }
  throw new Error(
    `What is accounted of ${resource.kind} ${resource.id} was written by others ${ATTEMPTS} times in a row`,
  )
}
