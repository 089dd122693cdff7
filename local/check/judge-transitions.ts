import type { Recorded } from '../../core/ledger/history.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import { idOf } from '../start/expected.ts'
import { type Findings, noFindings, shown } from './findings.ts'

/** Where each change that ClickUp told, or was to tell, stands in the ledger: by its own id, or in one that a sweep had found. */
export type Accounts = {
  findings: Findings
  /** What stands in the ledger as itself, on time or late. */
  accounted: ReadonlySet<TruthChange>
  /** What a sweep has found and no delivery has told of since. */
  swept: readonly Recorded[]
  /** Found by a sweep, and completed by a late delivery. */
  completed: number
}

/**
 * Every change that was delivered is in the ledger once, with its time and its actor, and nothing else claims to have been.
 *
 * @param isRepetition which deletions nobody could tell from the one before; none by default
 */
export function judgeDeliveries(
  truth: readonly TruthChange[],
  ledger: readonly Recorded[],
  isRepetition: (deletion: TruthChange) => boolean = () => false,
): Accounts {
  const findings = noFindings()
  const byId = Map.groupBy(ledger, ({ id }) => id)
  const byToldBy = Map.groupBy(ledger, ({ toldBy }) => toldBy ?? '')
  const accounted = new Set<TruthChange>()
  const known = new Set<string>()
  for (const change of truth) {
    const id = idOf(change)
    if (id === null) continue
    known.add(id)
    const found = [...(byId.get(id) ?? []), ...(byToldBy.get(id) ?? [])]
    const [first] = found
    const delivered = fateOf(change) === 'delivered'
    if (delivered) findings.compared += 1
    if (first !== undefined) accounted.add(change)
    if (found.length > 1) findings.extra.push(`${found.length} times in the ledger: ${happened(change)}`)
    if (delivered && first === undefined && !(change.kind === 'deletion' && isRepetition(change)))
      findings.missing.push(`delivered and not in the ledger: ${happened(change)}`)
    if (first === undefined || change.kind === 'deletion') continue
    if (!delivered) findings.extra.push(`in the ledger as if it had been delivered: ${happened(change)}`)
    else if (first.at !== change.date || first.actor?.id !== String(change.actor))
      findings.missing.push(`not by whom or when it was: ${happened(change)}`)
  }
  const swept: Recorded[] = []
  for (const change of ledger) {
    if (change.toldBy !== undefined && !known.has(change.toldBy))
      findings.extra.push(`completed by what never happened: ${recorded(change)}`)
    if (change.toldBy !== undefined || known.has(change.id)) continue
    if (change.origin === 'sweep') swept.push(change)
    else if (change.resource.kind === 'task') findings.extra.push(`never happened: ${recorded(change)}`)
  }
  return { findings, accounted, swept, completed: ledger.filter(({ toldBy }) => toldBy !== undefined).length }
}

export const happened = ({ resource, field, kind, before, after, date, deliveries, mutation }: TruthChange) =>
  `${resource.kind} ${resource.id}: ${field ?? kind} ${shown(before)} → ${shown(after)} at ${date} (${mutation}, ${deliveries.map(({ fate, lateMs }) => `${fate}${lateMs === undefined ? '' : ' late'}`).join(', ') || 'unheard'})`

export const recorded = ({ resource, field, before, after, at, atEarliest, origin, id }: Recorded) =>
  `${origin} ${resource.kind} ${resource.id}: ${field} ${shown(before)} → ${shown(after)} in ${atEarliest}–${at} (${id.slice(0, 8)})`
