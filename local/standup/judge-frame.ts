import type { SummaryCreated } from '../../core/publish/notice.ts'
import { type Findings, noFindings, shown } from '../check/findings.ts'
import type { DayTruth } from './day.ts'
import { clockOf } from './judge-line.ts'

/** Whether a comment says rightly what it is about, since when, by whom, and what was removed and added. */
export function judgeFrame(
  text: string,
  { from, timeZone, lists }: DayTruth,
  { by, removed, added }: Pick<SummaryCreated, 'by' | 'removed' | 'added'>,
): Findings {
  const findings = noFindings()
  const one = (is: boolean, what: string) => {
    findings.compared += 1
    if (!is) findings.missing.push(what)
  }
  const [head = '', ...rest] = text.split('\n')
  for (const list of lists) one(head.includes(list), `the first line does not name ${list}: ${shown(head)}`)
  one(head.includes(clockOf(from, timeZone)), `the first line does not say since when: ${shown(head)}`)
  const foot = rest.filter((line) => line.startsWith('Told by ')).join(' ')
  one(foot.includes(by.model ?? 'template'), `nobody has said it: ${shown(foot)}`)
  const sum = Object.values(removed).reduce((all, count) => all + count, 0)
  for (const count of [sum, added])
    one(count === 0 || new RegExp(`(?<!\\d)${count} `).test(foot), `${count} stands nowhere: ${shown(foot)}`)
  return findings
}
