import type { BackfillRun } from '../../core/sync/run.ts'
import { counted } from './notes.ts'
import { plain } from './text.ts'
import { durationText } from './time.ts'

/** What is told of a backfill that goes on. */
export type Progress = {
  phase: BackfillRun['phase']
  /** How much of the time that is read lies behind, 0 to 1; null while that cannot be said. */
  share: number | null
  pages: number
  tasks: number
  timeEntries: number
  calls: number
  /** Tasks a minute since it began. */
  tasksPerMinute: number
  /** Milliseconds until the tasks have been read, if it goes on as until now; null while that cannot be said. */
  leftMs: number | null
  note: string | null
}

/** What of a run it is told from. */
export type Backfill = Pick<
  BackfillRun,
  | 'phase'
  | 'startedAt'
  | 'endedAt'
  | 'since'
  | 'until'
  | 'stretches'
  | 'pages'
  | 'tasks'
  | 'timeEntries'
  | 'calls'
  | 'note'
>

const MINUTE = 60_000
/** With less behind it, what is left is anybody's guess. */
const LEAST_SHARE = 0.02

/** Where a backfill stands. Tasks are read by the time of their last update, so the time that is left to read tells most. */
export function progressOf(run: Backfill, now: number): Progress {
  const took = Math.max(1, (run.endedAt ?? now) - run.startedAt)
  const share = shareOf(run)
  const canTell = run.phase === 'tasks' && share !== null && share >= LEAST_SHARE
  return {
    ...{ phase: run.phase, share, pages: run.pages, tasks: run.tasks, timeEntries: run.timeEntries },
    ...{ calls: run.calls, note: run.note },
    tasksPerMinute: Math.round((run.tasks / took) * MINUTE),
    leftMs: canTell ? Math.round((took / share) * (1 - share)) : null,
  }
}

function shareOf({ phase, since, until, stretches, tasks }: Backfill): number | null {
  if (phase === 'done' || phase === 'timeEntries' || phase === 'settling') return 1
  // Before the first page the stretches may not be there yet, and "everything" has no beginning.
  if (phase !== 'tasks' || since <= 0 || until <= since || (tasks === 0 && stretches.length === 0)) return null
  // Archived ones are a listing of their own over the same time.
  const whole = 2 * (until - since)
  const left = stretches.reduce((sum, stretch) => sum + Math.max(0, (stretch.until ?? until) - stretch.since), 0)
  return Math.min(1, Math.max(0, 1 - left / whole))
}

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  places: 'reading spaces, folders and lists',
  tasks: 'reading tasks',
  timeEntries: 'reading time entries',
  settling: 'storing',
  done: 'done',
  stopped: 'stopped',
}
const BAR = 20

/** One line for people: bar, phase, counts, rate and the time that is left. */
export function progressText({ phase, share, leftMs, note, ...counts }: Progress): string {
  const full = Math.round((share ?? 0) * BAR)
  const bar = share === null ? '' : `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] `
  const parts = [
    PHASES[phase],
    counted(counts.tasks, 'task'),
    counted(counts.pages, 'page'),
    ...(counts.timeEntries > 0 ? [`${counts.timeEntries} time entries`] : []),
    counted(counts.calls, 'call'),
    ...(counts.tasksPerMinute > 0 ? [`${counts.tasksPerMinute} tasks/min`] : []),
    ...(leftMs === null ? [] : [`about ${durationText(leftMs)} left`]),
    ...(note === null ? [] : [plain(note)]),
  ]
  return bar + parts.join(', ')
}
