import * as z from 'zod'
import type { Change } from '../../ledger/change.ts'
import type { Person } from '../snapshot.ts'

const statusSchema = z.object({ name: z.string(), type: z.string() })
type Status = z.infer<typeof statusSchema>

export type StatusChange = {
  /** `null` for the first status of a task that was made. */
  from: Status | null
  to: Status
  at: number
  earliest: number
  actor: Person | null
  /** It was found, not told. */
  swept: boolean
  isBirth: boolean
}

/** The changes of a task's status, in the order in which they happened; what could not be read or kept is passed over. */
export function statusChangesOf(changes: readonly Change[]): StatusChange[] {
  const told = changes.flatMap((change): (StatusChange & { id: string })[] => {
    if (change.field !== 'status') return []
    const to = statusSchema.safeParse(change.after)
    if (!to.success) return []
    const from = statusSchema.safeParse(change.before).data ?? null
    const { id, at, atEarliest: earliest, actor, origin } = change
    const isBirth = change.before === null
    return [
      { id, from, to: to.data, at, earliest: Math.min(earliest, at), actor, swept: origin !== 'webhook', isBirth },
    ]
  })
  told.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return inChain(told)
}

/** Of changes at one moment, the one that begins where the last one ended comes first: their ids say nothing of their order. */
function inChain(told: readonly StatusChange[]): StatusChange[] {
  const rest = [...told]
  const result: StatusChange[] = []
  for (let next = rest[0]; next !== undefined; next = rest[0]) {
    const { at } = next
    const current = result.at(-1)?.to.name
    const same = rest.filter((each) => each.at === at)
    const fitting =
      same.find(({ isBirth, from }) => (result.length === 0 ? isBirth : from !== null && from.name === current)) ??
      same.find(({ from }) => !same.some(({ to }) => to.name === from?.name)) ??
      next
    rest.splice(rest.indexOf(fitting), 1)
    result.push(fitting)
  }
  return result
}
