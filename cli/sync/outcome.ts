import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { plain } from '../output/text.ts'
import { agoText } from '../output/time.ts'
import type { Asked, Before } from './ask.ts'

/** Says that there is a run already, which is followed where it is waited for. */
export function noteAsked(
  io: Io,
  what: string,
  asked: Asked<Before & { startedAt: number }>,
  { wait }: { wait: boolean },
): void {
  if (asked.kind === 'asked') return
  const since = agoText(asked.run.startedAt, io.now())
  const sentOn = asked.kind === 'sentOn' ? ' had got stuck and was sent on; it' : ''
  io.note(`A ${what} that began ${since}${sentOn} goes on already: ${wait ? 'this follows it' : 'no other is begun'}.`)
}

/** Nobody works on it, or it waits: what to do, in one sentence. `run` is what stands there now. */
export function notEnded(
  { what, connection, stage }: { what: string; connection: string; stage: string },
  run: { endedAt: number | null; note: string | null } | null,
): Failure {
  if (run === null || run.endedAt !== null)
    return new Failure(
      `The ${what} of ${connection} has not begun in 3 minutes: see what the function says in /aws/lambda/hookline-${stage}-sync, and npx hookline status.`,
    )
  const why = run.note === null ? '' : ` (${plain(run.note)})`
  return new Failure(
    `The ${what} of ${connection} has not moved for 3 minutes${why}; it goes on by itself when it can: npx hookline status shows it.`,
  )
}
