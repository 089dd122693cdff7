import type { Phase } from '../tasks/cycle/phases.ts'
import type { CycleRow } from './cycle-row.ts'
import { type Percentiles, percentilesOf } from './percentiles.ts'
import type { Calendar } from './working-time.ts'

export const DIMENSIONS = ['list', 'space', 'assignee', 'sprint', 'week'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Spans of time are milliseconds: `elapsed` by the clock, `working` within working hours. */
type Measured = { working: Percentiles; elapsed: Percentiles }

type StatusShare = {
  status: string
  phase: Phase | null
  /** On average of the group's tasks, ms. */
  workingMs: number
  elapsedMs: number
}

export type Group = {
  name: string
  done: number
  cycle: Measured
  lead: Measured
  /** Tasks that were taken up again after they were done. */
  reopened: number
  /** Before they were done, in the order in which tasks go through them. */
  statuses: StatusShare[]
}

type Key = { id: string; name: string }

/** What a task counts for: a task of two lists counts in both, and one of nobody under a name of its own. */
function keysOf(row: CycleRow, by: Dimension, calendar: Calendar): Key[] {
  const named = (some: readonly { id: string; name: string | null }[], none: string): Key[] =>
    some.length > 0 ? some.map(({ id, name }) => ({ id, name: name ?? id })) : [{ id: '', name: none }]
  switch (by) {
    case 'list':
      return named(row.lists, 'no list')
    case 'space':
      return named(row.space === null ? [] : [row.space], 'no space')
    case 'assignee':
      return named(
        row.assignees.map((name) => ({ id: name, name })),
        'nobody',
      )
    case 'sprint':
      return named(row.sprints, 'no sprint')
    case 'week':
      return [calendar.week(row.doneAt ?? 0)].map((week) => ({ id: week, name: week }))
  }
}

/** A group for each list, space, person, sprint or week, in the order of their names. */
export function groupsOf(rows: readonly CycleRow[], by: Dimension, calendar: Calendar): Group[] {
  const grouped = new Map<string, { key: Key; members: CycleRow[] }>()
  for (const row of rows) {
    for (const key of keysOf(row, by, calendar)) {
      const group = grouped.get(key.id) ?? { key, members: [] }
      if (group.members.at(-1) !== row) group.members.push(row)
      grouped.set(key.id, group)
    }
  }
  const groups = [...grouped.values()]
  const isAmbiguous = (name: string) => groups.filter(({ key }) => key.name === name).length > 1
  return groups
    .map(({ key, members }) => groupOf(isAmbiguous(key.name) ? `${key.name} (${key.id})` : key.name, members))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function groupOf(name: string, rows: readonly CycleRow[]): Group {
  const measured = (of: 'cycle' | 'lead'): Measured => {
    const spans = rows.flatMap((row) => row[of] ?? [])
    return {
      working: percentilesOf(spans.map(({ workingMs }) => workingMs)),
      elapsed: percentilesOf(spans.map(({ elapsedMs }) => elapsedMs)),
    }
  }
  return {
    name,
    done: rows.length,
    cycle: measured('cycle'),
    lead: measured('lead'),
    reopened: rows.filter(({ reopenings }) => reopenings > 0).length,
    statuses: sharesOf(rows),
  }
}

const ORDER: readonly (Phase | null)[] = ['notStarted', null, 'active', 'done']

function sharesOf(rows: readonly CycleRow[]): StatusShare[] {
  const shares = new Map<string, StatusShare & { place: number; seen: number }>()
  for (const { spent } of rows) {
    for (const [i, { status, phase, workingMs, elapsedMs }] of spent.entries()) {
      const share = shares.get(status) ?? { status, phase, workingMs: 0, elapsedMs: 0, place: 0, seen: 0 }
      share.workingMs += workingMs / rows.length
      share.elapsedMs += elapsedMs / rows.length
      share.place += i
      share.seen += 1
      shares.set(status, share)
    }
  }
  return [...shares.values()]
    .sort((a, b) => ORDER.indexOf(a.phase) - ORDER.indexOf(b.phase) || a.place / a.seen - b.place / b.seen)
    .map(({ place: _place, seen: _seen, ...share }) => share)
}
