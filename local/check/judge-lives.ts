import type { Recorded } from '../../core/ledger/history.ts'
import type { TruthChange } from '../clickup/truth.ts'
import { idOf as changeIdOf } from '../start/expected.ts'
import { type Findings, noFindings } from './findings.ts'
import { happened, recorded } from './judge-transitions.ts'
import { idOf } from './keys.ts'

/** Tasks are born once, and die as often as they did. */
export function judgeLives(given: {
  truth: readonly TruthChange[]
  ledger: readonly Recorded[]
  /** Tasks that were made meanwhile and are to be seen at the end. */
  born: readonly string[]
  /** Deletions that nobody can find: of what our token does not see, or of what came back before anybody looked. */
  isHidden(deletion: TruthChange): boolean
}): Findings {
  const findings = noFindings()
  const ofTasks = given.ledger.filter(({ resource }) => resource.kind === 'task')
  const births = Map.groupBy(
    ofTasks.filter(({ field }) => field === 'task_creation'),
    ({ resource }) => resource.id,
  )
  for (const id of given.born) {
    findings.compared += 1
    const count = births.get(id)?.length ?? 0
    if (count === 0) findings.missing.push(`task ${id}: that it was made is not in the ledger`)
    if (count > 1) findings.extra.push(`task ${id}: it was made ${count} times`)
  }
  const deletions = new Map(ofTasks.filter(({ field }) => field === 'deletion').map((change) => [change.id, change]))
  for (const change of given.truth) {
    if (change.kind !== 'deletion') continue
    const found = deletions.get(changeIdOf(change) ?? '')
    if (found !== undefined) deletions.delete(found.id)
    else if (given.isHidden(change)) findings.unrecoverable.push(happened(change))
    else findings.missing.push(`not in the ledger: ${happened(change)}`)
  }
  for (const change of deletions.values()) findings.extra.push(`was not deleted: ${recorded(change)}`)
  return findings
}

/** What a sweep says of time spent is about an entry of which something was lost. */
export function judgeSweptTime(swept: readonly Recorded[], lost: readonly TruthChange[]): Findings {
  const findings = noFindings()
  const open = new Set(lost.filter(({ field }) => field === 'time_spent'))
  const entryOf = ({ before, after }: Pick<TruthChange, 'before' | 'after'>) => [...idOf(after), ...idOf(before)][0]
  for (const change of swept.filter(({ field }) => field === 'time_spent').sort((a, b) => a.at - b.at)) {
    findings.compared += 1
    const its = [...open].filter(
      (each) =>
        each.resource.id === change.resource.id &&
        entryOf(each) === entryOf(change) &&
        each.date <= change.at + SLACK_MS,
    )
    if (its.length === 0) findings.extra.push(`nothing was lost that this would be: ${recorded(change)}`)
    for (const each of its) open.delete(each)
  }
  return findings
}

const SLACK_MS = 50
