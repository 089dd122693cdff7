import type { Recorded } from '../../core/ledger/history.ts'
import { canonical, type Json } from '../../core/platform/json.ts'
import { isSame } from '../../core/tasks/differences.ts'
import { factsOf } from '../../core/tasks/facts.ts'
import type { TruthChange } from '../clickup/truth.ts'
import { type Findings, noFindings, shown } from './findings.ts'
import { recorded } from './judge-transitions.ts'
import { absentOf, type Moment, valueAt } from './witness.ts'

/** Both clocks are this machine's, so that little is left to be forgiven. */
const TOLERANCE_MS = 50

export type TaskCase = {
  id: string
  moments: ReadonlyMap<string, readonly Moment[]>
  /** What the ledger has of it. */
  changes: readonly Recorded[]
  accounted: ReadonlySet<TruthChange>
  /** Up to when what it was like at first sight includes all that was lost; 0 where it was there at the beginning. */
  begunAt: number
  /** Whether it is there at the end, and our token sees it. */
  isThere: boolean
}

type Told = { change: Recorded; value: Json }

/** Field by field: what the ledger says of a task leads to what it is, and what a sweep has found is explained by what was lost. */
export function judgeTask({ id, moments, changes, accounted, begunAt, isThere }: TaskCase): Findings {
  const findings = noFindings()
  const byKey = new Map<string, Told[]>()
  for (const change of changes)
    for (const { key, value } of factsOf(change)) byKey.set(key, [...(byKey.get(key) ?? []), { change, value }])
  for (const key of new Set([...moments.keys(), ...byKey.keys()])) {
    const its = moments.get(key) ?? []
    const told = (byKey.get(key) ?? []).sort(inOrder)
    const lost = its.filter(({ at, told: by }) => at > 0 && (by === null || !accounted.has(by)))
    const explained = new Set<Moment>()
    const gone = ({ value, at }: Moment) => `task ${id}: ${key} → ${shown(value)} at ${at}`
    for (const each of told) {
      if (each.change.origin !== 'sweep') continue
      const { fault, passedOver } = explain(each, its, lost, explained)
      if (fault !== null) findings.extra.push(`${fault}: ${recorded(each.change)}`)
      findings.unrecoverable.push(...passedOver.filter(({ told: by }) => by !== null).map(gone))
    }
    for (const moment of lost)
      if (!explained.has(moment) && moment.told !== null) findings.unrecoverable.push(gone(moment))
    if (!isThere || its.length === 0) continue
    findings.compared += 1
    const last = its.at(-1)
    const begunWith = its.findLast(({ at }) => at <= begunAt)
    // That it has no value is something that the ledger says, too.
    const ledgerSays = (told.at(-1) ?? begunWith ?? { value: absentOf(key) }).value
    const isOfItsBeginning = last !== undefined && last.at <= begunAt
    if (last !== undefined && !isOfItsBeginning && !isSame(last.value, ledgerSays))
      findings.missing.push(
        `task ${id}: ${key} is ${shown(last.value)} since ${last.at} and the ledger says ${shown(ledgerSays)}`,
      )
  }
  return findings
}

const inOrder = (a: Told, b: Told) => a.change.at - b.change.at || (canonical(a.value) < canonical(b.value) ? -1 : 1)

type Explained = {
  fault: string | null /** What the change leads over, and nobody can tell of any more. */
  passedOver: Moment[]
}

/** Why a sweep's change is none, if so; what explains it is taken, so that nothing else is explained by it. */
function explain(
  { change, value }: Told,
  moments: readonly Moment[],
  lost: readonly Moment[],
  explained: Set<Moment>,
): Explained {
  const [from, to] = [change.atEarliest - TOLERANCE_MS, change.at + TOLERANCE_MS]
  const near = lost.filter((moment) => moment.at >= from && moment.at <= to && !explained.has(moment))
  // Two may have been lost within the tolerance: what lies in the interval itself is meant first.
  const inside = near.filter(({ at }) => at >= change.atEarliest && at <= change.at)
  const within = inside.length > 0 ? inside : near
  if (within.length === 0) return { fault: 'nothing was lost that this would be', passedOver: [] }
  for (const moment of within) explained.add(moment)
  const values = [
    valueAt(moments, change.at),
    ...within.filter(({ at }) => at >= change.at - TOLERANCE_MS).map((m) => m.value),
  ]
  const isTrue = values.some((each) => each !== undefined && isSame(each, value))
  return { fault: isTrue ? null : 'it was otherwise then', passedOver: within.slice(0, -1) }
}
