import { Interrupted } from '../input.ts'
import { type Io, sleepOf } from '../io.ts'

const LOOK_EVERY_MS = 1_000
/** A line for those who look at no terminal: when it comes to another phase, and every so often. */
const TELL_EVERY_MS = 30_000
/** A run that has not begun, or not moved, for so long is not watched any more; it goes on by itself when it can. */
const PATIENCE_MS = 3 * 60_000

type Followed = { run: string; version: number; phase: string; endedAt: number | null }

/**
 * Shows a run until it has ended; null when it did not begin or move for minutes.
 * @param former the run that this one follows, which is not to be shown; null for none
 * @param tell one line about the run, null while it has not begun
 */
export async function followRun<Run extends Followed>(
  io: Io,
  load: () => Promise<Run | null>,
  former: string | null,
  tell: (run: Run | null, now: number) => string | Promise<string>,
): Promise<Run | null> {
  let movedAt = io.now()
  let toldAt = io.now()
  let version = -1
  let phase = ''
  for (;;) {
    const found = await load()
    const run = found !== null && found.run !== former ? found : null
    const now = io.now()
    if (run !== null && run.endedAt !== null) {
      io.progress?.(null)
      return run
    }
    if (run !== null && run.version !== version) movedAt = now
    version = run?.version ?? version
    const line = await tell(run, now)
    if (io.progress !== undefined) io.progress(line)
    else if (run !== null && (run.phase !== phase || now - toldAt >= TELL_EVERY_MS)) {
      io.note(line)
      toldAt = now
    }
    phase = run?.phase ?? phase
    if (now - movedAt > PATIENCE_MS) {
      io.progress?.(null)
      return null
    }
    await sleepOf(io)(LOOK_EVERY_MS)
  }
}

/** Watches something that goes on by itself: Ctrl-C ends the watching alone, and `sentence` says so. */
export async function whileWatching<Value>(io: Io, sentence: string, watch: () => Promise<Value>): Promise<Value> {
  const ended = () => {
    io.progress?.(null)
    io.note(sentence)
  }
  const calledOff = io.onInterrupt?.(ended)
  try {
    return await watch()
  } catch (error) {
    if (error instanceof Interrupted) ended()
    throw error
  } finally {
    calledOff?.()
  }
}
