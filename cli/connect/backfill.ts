import type { SendJob } from '../../core/sync/job.ts'
import type { BackfillRun } from '../../core/sync/run.ts'
import type { Io } from '../io.ts'
import { progressOf, progressText } from '../output/progress.ts'
import { type Asked, askForRun } from '../sync/ask.ts'
import { followRun } from '../sync/follow.ts'
import { storedRuns } from '../sync/stored-runs.ts'
import type { Target } from '../target.ts'

/** How far back; `days: null` for everything. */
export type Wanted = { days?: number | null; publish?: boolean }

/** Asks for a backfill, unless one goes on; answers with the run that was there before, null for none. */
export async function askForBackfill(
  io: Pick<Io, 'now'>,
  target: Pick<Target, 'dynamo' | 'tables'>,
  connection: string,
  sendJob: SendJob,
  { days, publish }: Wanted,
): Promise<Asked<BackfillRun>> {
  const before = await storedRuns(target, connection).backfill.load()
  const wanted = {
    ...{ job: 'backfill' as const, connection },
    ...(days === undefined ? {} : { days }),
    ...(publish === undefined ? {} : { publish }),
  }
  return askForRun(before, wanted, sendJob, io.now())
}

/**
 * Shows a backfill until it has ended; null when it did not begin or move for minutes. Whoever ends the command does not end it.
 * @param former the run that this one follows, which is not to be shown
 */
export function followBackfill(
  io: Io,
  target: Pick<Target, 'dynamo' | 'tables'>,
  connection: string,
  former: string | null,
): Promise<BackfillRun | null> {
  return followRun(io, storedRuns(target, connection).backfill.load, former, (run, now) =>
    run === null ? 'Backfill: waiting for it to begin ...' : `Backfill: ${progressText(progressOf(run, now))}`,
  )
}
