import type { SummaryCreated } from '../../core/publish/notice.ts'
import { type Findings, noFindings, shown, together } from '../check/findings.ts'
import type { DayTruth } from './day.ts'
import { judgeLine, SECTIONS } from './judge-line.ts'

/** Whether each statement of an event is true and rests on what was. @param changeIds all that the bus has told of */
export function judgeEvent(
  { statements }: Pick<SummaryCreated, 'statements'>,
  day: DayTruth,
  changeIds: ReadonlySet<string>,
): Findings {
  const findings = noFindings()
  for (const { text, taskIds, changeIds: cited } of statements) {
    findings.compared += 1
    const object = (what: string) => findings.extra.push(`event: ${what}: ${shown(text)}`)
    if (taskIds.length + cited.length === 0) object('it rests on nothing')
    for (const id of taskIds) if (!day.tasks.has(id)) object(`there is no task ${id}`)
    for (const id of cited) if (!changeIds.has(id)) object(`there was no change ${id}`)
  }
  const lines = statements.map(({ section, text }) => {
    const known = SECTIONS.find((each) => each === section)
    if (known !== undefined) return judgeLine(known, text, day)
    return { ...noFindings(), extra: [`event: there is no section ${section}`] }
  })
  return together([findings, ...lines])
}
