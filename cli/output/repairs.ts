import type { Repairs } from '../../core/sync/gaps.ts'
import { counted } from './notes.ts'

/** `12 changes of 9 tasks, 2 time entries and 1 place`; null where nothing was repaired. */
export function repairsText({ changes, tasks, timeEntries, places }: Repairs): string | null {
  if (changes === 0) return null
  const of = [
    ...(tasks > 0 ? [counted(tasks, 'task')] : []),
    ...(timeEntries > 0 ? [timeEntriesText(timeEntries)] : []),
    ...(places > 0 ? [counted(places, 'place')] : []),
  ]
  const last = of.length > 1 ? ` and ${of.pop()}` : ''
  return counted(changes, 'change') + (of.length === 0 ? '' : ` of ${of.join(', ')}${last}`)
}

export const timeEntriesText = (count: number): string => (count === 1 ? '1 time entry' : `${count} time entries`)
