import type { ConnectionRecord } from '../../core/clickup/connection-record.ts'
import type { CensusRun, SweepRun } from '../../core/sync/run.ts'
import { counted } from '../output/notes.ts'
import { repairsText } from '../output/repairs.ts'
import type { Pen } from '../output/status/level.ts'
import { watermarkText } from '../output/status/runs.ts'
import { plain } from '../output/text.ts'
import { durationText, timeText } from '../output/time.ts'

/** What a sweep has come to, in lines; nothing for one that was stopped. */
export function sweptText(run: SweepRun, record: ConnectionRecord, pen: Pen): string {
  const { startedAt, endedAt, calls, last, phase, note, horizon } = run
  const took = `${durationText((endedAt ?? startedAt) - startedAt)} and ${counted(calls, 'call')}`
  if (phase !== 'done') return ''
  const repaired = last === null ? null : repairsText(last.repaired)
  return [
    `The sweep took ${took}: ${repaired === null ? 'there was nothing to repair' : `repaired ${repaired}`}.`,
    // Whoever has just seen a change get lost would else think that it had been looked for.
    ...(horizon > 0
      ? [`What happened after ${timeText(horizon, pen.style)} may yet be delivered: that is left to the next sweep.`]
      : []),
    ...(note === null ? [] : [`${plain(note)}.`]),
    `Watermark: ${watermarkText({ record, sweep: run }, pen)}.`,
    '',
  ].join('\n')
}

/** What a census has come to, in one line. */
export function countedText({
  countedLists,
  countedTasks,
  calls,
  deleted,
  outOfSight,
  there,
  changed,
  differing,
}: CensusRun) {
  const found = [
    ...(deleted > 0 ? [`${counted(deleted, 'task')} deleted`] : []),
    ...(outOfSight > 0 ? [`${outOfSight} out of sight`] : []),
    ...(there > 0 ? [`${there} elsewhere`] : []),
    ...(changed > 0 ? [`${changed} other than known`] : []),
    ...(differing.length > 0 ? [`ClickUp counts otherwise than it lists in ${counted(differing.length, 'list')}`] : []),
  ]
  const counts = `${counted(countedLists, 'list')} with ${counted(countedTasks, 'task')}, ${counted(calls, 'call')}`
  return `The census counted ${counts}: ${found.length === 0 ? 'nothing is gone' : found.join(', ')}.`
}
