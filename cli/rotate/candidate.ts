import { CANDIDATE } from '../../core/secrets/token.ts'
import { holderOf } from '../../core/secrets/versions.ts'
import { Failure } from '../failure.ts'
import { agoText } from '../output/time.ts'
import { whileWatching } from '../sync/follow.ts'
import { begin, underWay } from './begin.ts'
import { follow } from './follow.ts'
import type { Rotating } from './rotating.ts'

/** A rotation, and the operator's token that it is to take up. */
export type Brought = { run: string; candidate: string }

/**
 * Puts the operator's token beside the one in use, under a label of ours, and begins the rotation that takes it up. A former
 * candidate that nobody has taken up loses the label to this one.
 * @throws Failure when another rotation goes on and nobody wants to wait for its end
 */
export async function bring(
  rotating: Rotating,
  { token, takeover }: { token: string; takeover: boolean },
  wait: boolean,
): Promise<Brought> {
  const { io, versions } = rotating
  await letEnd(rotating, wait)
  const text = JSON.stringify({ v: 1, token, since: io.now(), ...(takeover ? { takeover } : {}) })
  const candidate = await versions.put(text, [CANDIDATE])
  try {
    for (;;) {
      const begun = await begin(rotating)
      if (begun.kind === 'begun') return { run: begun.run, candidate }
      // One of the schedule has begun since: it has taken up this token, unless it is past that.
      await watching(rotating, begun.run, 'The token that you brought waits to be taken up: run this again.')
      if (!(await isWaiting(rotating, candidate))) return { run: begun.run, candidate }
    }
  } catch (error) {
    await versions.detach(CANDIDATE, candidate)
    throw error
  }
}

/** What was not taken up is not left for the schedule to take up weeks later. */
export const withdraw = ({ versions }: Rotating, candidate: string): Promise<void> =>
  versions.detach(CANDIDATE, candidate)

/** Begins a test of the token in use; a candidate that nobody has taken up would be promoted by it. */
export async function beginTest(rotating: Rotating, wait: boolean): Promise<string> {
  const { io, versions } = rotating
  const left = holderOf((await versions.describe()).labels, CANDIDATE)
  if (left !== undefined) {
    await versions.detach(CANDIDATE, left)
    io.note('A token that was brought before and never taken up is put away: the one in use is tested.')
  }
  const { kind, run } = await begin(rotating)
  if (kind === 'goesOn') io.note(`A test goes on already: ${wait ? 'this follows it' : 'no other is begun'}.`)
  return run
}

const isWaiting = async ({ versions }: Rotating, candidate: string) =>
  holderOf((await versions.describe()).labels, CANDIDATE) === candidate

/** One that is past its beginning takes up nothing more. */
async function letEnd(rotating: Rotating, wait: boolean): Promise<void> {
  const { io } = rotating
  const run = await underWay(rotating)
  if (run === null) return
  const startedAt = (await rotating.report())?.startedAt ?? io.now()
  const since = `A rotation of the token that began ${agoText(startedAt, io.now())} goes on`
  if (!wait) throw new Failure(`${since}: run this again when it has ended (npx hookline status).`)
  io.note(`${since}: waiting for its end first.`)
  await watching(rotating, run, 'Your token was not brought yet: run this again.')
}

const watching = (rotating: Rotating, run: string, ended: string) =>
  whileWatching(rotating.io, ended, () => follow(rotating, run))
