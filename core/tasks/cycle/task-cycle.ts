import type { Phase, Phases } from './phases.ts'
import type { Precision, StatusInterval } from './status-interval.ts'

/** Time between two moments, by some reckoning: of the clock, or of working hours. Milliseconds. */
export type Reckoning = (from: number, to: number) => number

type StatusSpent = {
  status: string
  statusType: string | null
  /** `null`: nobody has said what the status means. */
  phase: Phase | null
  elapsedMs: number
  workingMs: number
}

/** How a task went through its statuses. Times are ms since 1970, spans of time milliseconds. */
export type TaskCycle = {
  createdAt: number
  /** When work on it began at first; `null` when it never did. */
  activeAt: number | null
  /** When it was done for the last time; `null` while it is not done. */
  doneAt: number | null
  /** From its making to its end; `null` while it has none. */
  lead: { elapsedMs: number; workingMs: number } | null
  /** From the beginning of work on it to its end; `null` while it has none, and when no work on it is known of. */
  cycle: { elapsedMs: number; workingMs: number } | null
  /** How often it was taken up again after it was done, as far as it was told. */
  reopenings: number
  /** In each status, until it was done for the last time or until now; the order is that of their first appearance. */
  spent: StatusSpent[]
  /** How well beginning and end are known: as well as the worse of the two. */
  precision: Precision
}

export type CycleContext = {
  phases: Phases
  working: Reckoning
  now: number
  /** When ClickUp says that it was done, for what was done before anybody recorded it. */
  doneAt: number | null
}

/** @param intervals of one task, at least one, as `statusIntervals` gives them */
export function taskCycle(intervals: readonly StatusInterval[], context: CycleContext): TaskCycle {
  const { phases, working, now } = context
  const phased = intervals.map((interval) => ({
    ...interval,
    phase: phases.of({ name: interval.status, type: interval.statusType }),
  }))
  const createdAt = phased[0]?.from ?? now
  const active = phased.find(({ phase }) => phase === 'active')
  const activeAt = active === undefined ? null : beganAt(active)
  const ending = endOf(phased)
  const doneAt = ending === null ? null : endedAt(ending, context.doneAt, activeAt ?? createdAt)
  const spanTo = (from: number | null) => {
    if (from === null || doneAt === null || from > doneAt) return null
    return { elapsedMs: doneAt - from, workingMs: working(from, doneAt) }
  }
  return {
    createdAt,
    activeAt,
    doneAt,
    lead: spanTo(createdAt),
    cycle: spanTo(activeAt),
    reopenings: phased.filter((each, i) => isReopening(phased[i - 1], each)).length,
    spent: spentIn(phased, doneAt ?? now, working),
    precision: worst([...(active === undefined ? [] : [active]), ...(ending === null ? [] : [ending])]),
  }
}

type Phased = StatusInterval & { phase: Phase | null }

/** The interval with which it became done for the last time; `null` when it is not done. */
function endOf(phased: readonly Phased[]): Phased | null {
  const lastOpen = phased.findLastIndex(({ phase }) => phase !== 'done')
  return phased[lastOpen + 1] ?? null
}

/** Of totals, when it was in the status at first is right, wherever it was laid out. */
const beganAt = ({ precision, from, fromEarliest }: Phased) => (precision === 'aggregate' ? fromEarliest : from)

/** What was done before it was recorded: ClickUp has kept the last time itself. */
function endedAt({ precision, from, fromEarliest, fromLatest }: Phased, told: number | null, since: number): number {
  if (precision === 'exact') return from
  const isPossible =
    told !== null && told >= since && (precision === 'aggregate' || (told >= fromEarliest && told <= fromLatest))
  return isPossible ? told : Math.max(since, precision === 'aggregate' ? fromLatest : from)
}

/** Totals do not tell of returns, so what was laid out by them is none. */
const isReopening = (before: Phased | undefined, after: Phased) =>
  before?.phase === 'done' && after.phase !== 'done' && after.precision !== 'aggregate'

function spentIn(phased: readonly Phased[], until: number, working: Reckoning): StatusSpent[] {
  const spent = new Map<string, StatusSpent>()
  for (const { status, statusType, phase, from, to } of phased) {
    const end = Math.min(to ?? until, until)
    if (end <= from) continue
    const sum = spent.get(status) ?? { status, statusType, phase, elapsedMs: 0, workingMs: 0 }
    spent.set(status, { ...sum, elapsedMs: sum.elapsedMs + end - from, workingMs: sum.workingMs + working(from, end) })
  }
  return [...spent.values()]
}

const WORSE: readonly Precision[] = ['exact', 'interval', 'aggregate']

const worst = (intervals: readonly Phased[]): Precision =>
  WORSE[Math.max(0, ...intervals.map(({ precision }) => WORSE.indexOf(precision)))] ?? 'exact'
