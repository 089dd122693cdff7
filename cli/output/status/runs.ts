import { type ConnectionStatus, watermarkOf } from '../../../core/status/connection.ts'
import { STUCK_MS, watermarkLevel } from '../../../core/status/verdict.ts'
import type { BackfillRun, CensusRun, SweepRun } from '../../../core/sync/run.ts'
import { counted } from '../notes.ts'
import { progressOf, progressText } from '../progress.ts'
import { repairsText, timeEntriesText } from '../repairs.ts'
import { plain } from '../text.ts'
import { agoText, durationText, timeText } from '../time.ts'
import { colourOf, type Pen } from './level.ts'

export function watermarkText(status: Pick<ConnectionStatus, 'record' | 'sweep'>, { paint, style }: Pen): string {
  const at = watermarkOf(status)
  const colour = colourOf(watermarkLevel(status, style.now))
  if (at === null) return paint(colour, 'none yet: nothing is promised before the first sweep has ended')
  return `${paint(colour, agoText(at, style.now))} (${timeText(at, style)}): all recoverable before is in the table`
}

/** The last sweep that ended, and the one that goes on. */
export function sweepTexts(sweep: SweepRun | null, pen: Pen): string[] {
  const { paint, style } = pen
  if (sweep === null) return ['none yet; one begins every 15 minutes']
  const { last, phase, note, endedAt, startedAt } = sweep
  const lines: string[] = []
  if (last !== null) {
    const repaired = repairsText(last.repaired)
    const came = repaired === null ? paint('green', 'nothing to repair') : `repaired ${repaired}`
    lines.push(`${agoText(last.endedAt, style.now)}, ${workText(last)}: ${came}`)
  }
  const noted = note === null ? '' : plain(note)
  if (phase === 'stopped')
    lines.push(
      paint('yellow', `stopped ${agoText(endedAt ?? startedAt, style.now)}: ${noted || 'for no stated reason'}`),
    )
  else if (endedAt === null) lines.push(runningText(sweep, SWEEP_PHASES[phase], pen))
  else if (noted !== '') lines.push(noted)
  return lines
}

const workText = ({ startedAt, endedAt, calls }: { startedAt: number; endedAt: number; calls: number }) =>
  `took ${durationText(endedAt - startedAt)} and ${counted(calls, 'call')}`

/** What a sweep is at. */
export const SWEEP_PHASES: Readonly<Record<SweepRun['phase'], string>> = {
  places: 'listing members, spaces and lists',
  horizon: 'waiting for what is queued',
  tasks: 'listing what was updated',
  timeEntries: 'listing time entries',
  settling: 'waiting for what it has found',
  done: 'done',
  stopped: 'stopped',
}

export const CENSUS_PHASES: Readonly<Record<CensusRun['phase'], string>> = {
  lists: 'counting lists',
  settling: 'waiting for what it has found',
  done: 'done',
  halted: 'halted',
  stopped: 'stopped',
}

/** What the phase says already. */
export const isWaiting = (note: string) => note.startsWith('waiting')

type Running = { startedAt: number; updatedAt: number; calls: number; note: string | null }

function runningText({ startedAt, updatedAt, calls, note }: Running, phase: string, { paint, style }: Pen): string {
  const { now } = style
  const noted = note === null || isWaiting(note) ? '' : `; ${plain(note)}`
  const line = `one goes on for ${durationText(now - startedAt)}: ${phase}, ${counted(calls, 'call')}${noted}`
  return now - updatedAt > STUCK_MS ? paint('yellow', `${line}; not moved for ${durationText(now - updatedAt)}`) : line
}

export function censusTexts(census: CensusRun | null, nameOf: (listId: string) => string, pen: Pen): string[] {
  const { paint, style } = pen
  if (census === null) return ['none yet; every list has its hour of the day']
  const { phase, note, endedAt, lists, countedLists, countedTasks, deleted, outOfSight, differing } = census
  const lines: string[] = []
  if (phase === 'halted') lines.push(paint('red', `halted: ${plain(note ?? 'many tasks are gone at once')}`))
  else if (phase === 'stopped') lines.push(paint('yellow', `stopped: ${plain(note ?? 'for no stated reason')}`))
  else if (endedAt === null) lines.push(`${runningText(census, CENSUS_PHASES[phase], pen)}, ${lists.length} to go`)
  const gone = [
    ...(deleted > 0 ? [`${counted(deleted, 'task')} deleted`] : []),
    ...(outOfSight > 0 ? [`${outOfSight} out of sight`] : []),
  ].join(', ')
  const found = gone === '' ? paint('green', 'nothing gone') : gone
  const when = endedAt === null ? 'so far' : agoText(endedAt, style.now)
  lines.push(`${when}: ${counted(countedLists, 'list')} with ${counted(countedTasks, 'task')}, ${found}`)
  const [first] = differing
  if (first !== undefined) {
    const others = differing.length > 1 ? `; ${counted(differing.length - 1, 'more list')} differ` : ''
    const counts = `ClickUp counts ${first.counted} tasks in ${plain(nameOf(first.listId))} and lists ${first.listed}`
    lines.push(paint('yellow', counts + others))
  }
  return lines
}

export function backfillText(backfill: BackfillRun | null, { paint, style }: Pen): string {
  if (backfill === null) return 'not asked for; npx hookline backfill reads the history'
  const { phase, endedAt, updatedAt, tasks, timeEntries, calls, days, note } = backfill
  if (phase === 'stopped')
    return paint('yellow', `stopped: ${plain(note ?? 'for no stated reason')}; npx hookline backfill begins anew`)
  if (endedAt === null) {
    const line = progressText(progressOf(backfill, style.now))
    const still = style.now - updatedAt
    return still > STUCK_MS ? paint('yellow', `${line}; not moved for ${durationText(still)}`) : line
  }
  const back = days === null ? 'everything' : counted(days, 'day')
  const read = `${counted(tasks, 'task')}, ${timeEntriesText(timeEntries)}, ${counted(calls, 'call')}`
  return `done ${agoText(endedAt, style.now)}: ${back}, ${read}${note === null ? '' : `; ${plain(note)}`}`
}
