import { storedRuns } from '../sync/stored-runs.ts'
import { askForBackfill, followBackfill } from './backfill.ts'
import type { Doing, Examined } from './examine.ts'

/** What the history was or will be; null where none was asked for. */
export async function readHistory(
  { services }: Examined,
  { io, target, connection, options, say }: Doing & { done: string[] },
) {
  if (!options.backfill) return null
  const days = options.allHistory ? null : options.days
  const known = await storedRuns(target, connection).backfill.load()
  // Once it is there it is read again only when somebody says how far.
  if (known?.phase === 'done' && days === undefined) return { run: known.run, phase: known.phase, tasks: known.tasks }
  const wanted = days === undefined ? {} : { days }
  const asked = await askForBackfill(io, target, connection, services.sendJob, wanted)
  if (!options.wait) {
    say('The history is being read: npx hookline status')
    return { run: null, phase: 'begun' as const, tasks: 0 }
  }
  const run = await followBackfill(io, target, connection, asked.kind === 'asked' ? (asked.former?.run ?? null) : null)
  if (run === null) {
    say('The backfill has not moved for some minutes; it goes on by itself: npx hookline status')
    return { run: null, phase: 'begun' as const, tasks: 0 }
  }
  if (run.phase === 'stopped') {
    say(`The backfill has stopped: ${run.note ?? 'for no stated reason'}. Begin it anew with: npx hookline backfill`)
    return { run: run.run, phase: run.phase, tasks: run.tasks }
  }
  say(
    `The history is there: ${run.tasks} tasks, ${run.timeEntries} time entries, in ${run.calls} calls.${run.note === null ? '' : ` ${run.note}`}`,
  )
  return { run: run.run, phase: run.phase, tasks: run.tasks }
}
