import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { plain } from '../output/text.ts'
import { agoText, durationText, timeText } from '../output/time.ts'
import { connectedOf } from '../sync/connected.ts'
import { whileWatching } from '../sync/follow.ts'
import type { Target } from '../target.ts'
import { begin } from './begin.ts'
import { follow } from './follow.ts'
import { failureOf, followedJson } from './outcome.ts'
import { type Rotating, rotatingOf } from './rotating.ts'
import { replacedBy, replacedLines } from './webhooks-after.ts'

export type SigningOptions = { connection?: string | undefined; wait: boolean; json: boolean; utc: boolean }

/** Gives a connection's webhook a new signing secret, which takes a new webhook. @throws Failure when it did not come to that */
export async function rotateSigning(io: Io, target: Target, options: SigningOptions): Promise<void> {
  const { connection, record } = await connectedOf(target, options.connection)
  if (record.mode === 'poll')
    throw new Failure(
      `${connection} has no webhook, by choice, so it has no signing secret: npx hookline connect makes one.`,
    )
  const rotating = await rotatingOf(io, target, { connection, rotated: 'signing', utc: options.utc })
  await refuseOverlap(rotating)
  const begun = await begin(rotating)
  const { run } = begun
  const write = (answer: object) =>
    io.write(`${JSON.stringify({ target: target.label, connection, run, ...answer })}\n`)
  if (begun.kind === 'goesOn') {
    const startedAt = (await rotating.report())?.startedAt ?? io.now()
    const then = options.wait ? 'this follows it' : 'no other is begun'
    io.note(`A rotation that began ${agoText(startedAt, io.now())} goes on already: ${then}.`)
  }
  if (!options.wait) {
    if (options.json) write({ asked: begun.kind })
    else io.write(`The rotation of the signing secret of ${connection} is on the way: npx hookline status\n`)
    return
  }
  await whileWatching(io, 'The rotation goes on by itself: npx hookline status', async () => {
    const followed = await follow(rotating, run)
    const replaced = followed.kind === 'done' ? await replacedBy(run, target, connection) : null
    if (options.json) write({ asked: begun.kind, ...followedJson(followed), replaced })
    const failure = failureOf(followed, rotating, 'The signing secret was not rotated')
    if (failure !== null) throw failure
    if (options.json) return
    const style = { now: io.now(), utc: options.utc }
    // Disconnected meanwhile, say: then only its function knows what came of it.
    const lines =
      replaced === null && followed.kind === 'done'
        ? [plain(followed.report.detail)]
        : ['The new signing secret is in use.', ...replacedLines(replaced, style)]
    io.write(`${lines.join('\n')}\n`)
  })
}

/** Its function would refuse it, too, and count it for a failure. */
async function refuseOverlap(rotating: Rotating): Promise<void> {
  const { io, utc } = rotating
  const now = io.now()
  const rotation = await rotating.replacing()
  if (rotation?.phase !== 'over' || rotation.until <= now) return
  const until = `${timeText(rotation.until, { now, utc })} (${durationText(rotation.until - now)})`
  const what =
    rotation.way === 'beside'
      ? `The webhook that was replaced last goes on until ${until}`
      : `What ClickUp has on its way for the webhook that was replaced last is awaited until ${until}`
  throw new Failure(`${what}: rotate again after that.`)
}
