import { jobSender } from '../../core/sync/job.ts'
import type { BackfillRun } from '../../core/sync/run.ts'
import { askForBackfill, followBackfill } from '../connect/backfill.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { counted } from '../output/notes.ts'
import { timeEntriesText } from '../output/repairs.ts'
import { backfillJson } from '../output/status/status-json.ts'
import { plain } from '../output/text.ts'
import { durationText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { connectedOf } from './connected.ts'
import { whileWatching } from './follow.ts'
import { notEnded, noteAsked } from './outcome.ts'
import { storedRuns } from './stored-runs.ts'

export type BackfillOptions = {
  connection?: string | undefined
  days?: number | undefined
  all: boolean
  publish: boolean
  wait: boolean
  json: boolean
}

/** Reads the history, or follows the backfill that goes on. @throws Failure when it did not come to its end */
export async function backfill(io: Io, target: Target, options: BackfillOptions): Promise<void> {
  const { connection } = await connectedOf(target, options.connection)
  const { jobs, stage } = await target.home()
  const days = options.all ? null : options.days
  const wanted = { ...(days === undefined ? {} : { days }), publish: options.publish }
  const asked = await askForBackfill(io, target, connection, jobSender(target.sqs, jobs), wanted)
  noteAsked(io, 'backfill', asked, options)
  if (asked.kind !== 'asked' && isOther(asked.run, days, options.publish))
    io.note('What you asked for differs from it: run this again when it has ended.')
  const write = (answer: object) => io.write(`${JSON.stringify({ target: target.label, connection, ...answer })}\n`)
  if (!options.wait) {
    if (options.json) write({ asked: asked.kind })
    else io.write(`The backfill of ${connection} is on the way: npx hookline status\n`)
    return
  }
  const former = asked.kind === 'asked' ? (asked.former?.run ?? null) : null
  const run = await whileWatching(io, `The backfill of ${connection} goes on by itself: npx hookline status`, () =>
    followBackfill(io, target, connection, former),
  )
  if (run === null) {
    const now = await storedRuns(target, connection).backfill.load()
    throw notEnded({ what: 'backfill', connection, stage }, now?.run === former ? null : now)
  }
  if (options.json) write(backfillJson(run, io.now()))
  if (run.phase === 'stopped') {
    throw new Failure(
      `The backfill of ${connection} has stopped: ${plain(run.note ?? 'for no stated reason')}. What was read is kept; run this again when that is mended.`,
    )
  }
  if (!options.json) io.write(`${doneText(run)}\n`)
}

/** Whether the operator asked for something that the one that goes on does not do. */
const isOther = (run: BackfillRun, days: number | null | undefined, publish: boolean) =>
  (days !== undefined && days !== run.days) || (publish && !run.publish)

function doneText({ startedAt, endedAt, days, pages, tasks, timeEntries, calls, note }: BackfillRun): string {
  const what = days === null ? 'All the history' : `The history of ${counted(days, 'day')}`
  const counts = [counted(tasks, 'task'), timeEntriesText(timeEntries), counted(pages, 'page'), counted(calls, 'call')]
  const took = durationText((endedAt ?? startedAt) - startedAt)
  return `${what} is there: ${counts.join(', ')}, in ${took}.${note === null ? '' : ` Note: ${plain(note)}.`}`
}
