import type { CycleRow } from './cycle-row.ts'
import { type Dimension, type Group, groupOf, groupsOf } from './groups.ts'
import type { ReadCycles } from './read-cycles.ts'
import type { ReportSettings } from './settings.ts'
import type { Calendar } from './working-time.ts'

export type CycleReport = {
  generatedAt: number
  since: number
  until: number
  /** What it is about, in words. */
  scope: string
  settings: ReportSettings
  /** Working time of a day, ms. */
  workingDayMs: number
  by: Dimension
  total: Group
  groups: Group[]
  weeks: (Group & { startAt: number })[]
  notes: {
    inProgress: number
    /** Done without any known work on it: they have a lead time and no cycle time. */
    withoutWork: number
    /** Their beginning or end is known by ClickUp's totals, or from one sweep to the next. */
    byTotals: number
    bySweep: number
    /** Statuses of which nobody has said what they mean, with the number of tasks that were in them. */
    unmapped: { status: string; type: string | null; tasks: number }[]
    unreadable: number
    claimed: number
    cut: boolean
  }
  rows: CycleRow[]
}

export type ReportQuestion = {
  by: Dimension
  since: number
  until: number
  generatedAt: number
  scope: string
  settings: ReportSettings
}

/** Sums up what was read of one connection or several. */
export function cycleReport(read: readonly ReadCycles[], calendar: Calendar, question: ReportQuestion): CycleReport {
  const rows = read.flatMap((each) => each.rows).sort((a, b) => (a.doneAt ?? 0) - (b.doneAt ?? 0))
  const sum = (of: 'inProgress' | 'unreadable' | 'claimed') => read.reduce((total, each) => total + each[of], 0)
  const byWeek = groupsOf(rows, 'week', calendar)
  const groups = question.by === 'week' ? byWeek : groupsOf(rows, question.by, calendar).sort(byDone)
  return {
    ...question,
    workingDayMs: calendar.dayMs,
    total: groupOf('all', rows),
    groups,
    weeks: everyWeek(byWeek, calendar),
    notes: {
      inProgress: sum('inProgress'),
      withoutWork: rows.filter(({ cycle }) => cycle === null).length,
      byTotals: rows.filter(({ precision }) => precision === 'aggregate').length,
      bySweep: rows.filter(({ precision }) => precision === 'interval').length,
      unmapped: unmappedIn(rows),
      unreadable: sum('unreadable'),
      claimed: sum('claimed'),
      cut: read.some(({ cut }) => cut),
    },
    rows,
  }
}

const byDone = (a: Group, b: Group) => b.done - a.done || (a.name < b.name ? -1 : 1)

/** Weeks in which nothing was done count, too. */
function everyWeek(weeks: readonly Group[], calendar: Calendar): CycleReport['weeks'] {
  const [first, last] = [weeks[0], weeks.at(-1)]
  if (first === undefined || last === undefined) return []
  const byName = new Map(weeks.map((week) => [week.name, week]))
  const all: CycleReport['weeks'] = []
  for (let name = first.name; ; ) {
    const startAt = calendar.weekStart(name)
    all.push({ ...(byName.get(name) ?? groupOf(name, [])), startAt })
    if (name === last.name) return all
    // Eight days after it begins, a week has ended, however its clocks changed, and the next one has not.
    name = calendar.week(startAt + 8 * 86_400_000)
  }
}

function unmappedIn(rows: readonly CycleRow[]) {
  const tasks = new Map<string, { status: string; type: string | null; tasks: number }>()
  for (const { spent } of rows) {
    for (const { status, statusType: type, phase } of spent) {
      if (phase !== null) continue
      tasks.set(status, { status, type, tasks: (tasks.get(status)?.tasks ?? 0) + 1 })
    }
  }
  return [...tasks.values()].sort((a, b) => b.tasks - a.tasks)
}
