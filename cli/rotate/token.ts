import type { ConnectionRecord } from '../../core/clickup/connection-record.ts'
import { storedToken } from '../../core/guard/connect.ts'
import { askToken, confirm } from '../connect/ask.ts'
import type { Io } from '../io.ts'
import { plain } from '../output/text.ts'
import { connectedOf } from '../sync/connected.ts'
import { whileWatching } from '../sync/follow.ts'
import type { Target } from '../target.ts'
import { beginTest, bring, withdraw } from './candidate.ts'
import { type Followed, follow } from './follow.ts'
import { failureOf, followedJson } from './outcome.ts'
import { type Rotating, rotatingOf } from './rotating.ts'
import { type Replaced, replacedBy, replacedLines } from './webhooks-after.ts'

export type TokenOptions = {
  connection?: string | undefined
  tokenStdin: boolean
  takeover: boolean
  test: boolean
  yes: boolean
  wait: boolean
  json: boolean
  utc: boolean
}

/** Brings a new token, or tests the one in use. @throws Failure when it was not taken, or did not pass */
export async function rotateToken(io: Io, target: Target, options: TokenOptions): Promise<void> {
  const { connection, record } = await connectedOf(target, options.connection)
  const rotating = await rotatingOf(io, target, { connection, rotated: 'token', utc: options.utc })
  if (options.test) {
    const run = await beginTest(rotating, options.wait)
    return watch(rotating, target, { run, candidate: null }, options)
  }
  const token = await askToken(io, options, null, 'New ClickUp API token')
  if (token === (await storedToken(target.secrets, rotating.name))) {
    if (options.json) io.write(`${JSON.stringify({ target: target.label, connection, run: null, outcome: 'same' })}\n`)
    else io.write(`That is the token that ${connection} uses already: nothing was changed.\n`)
    return
  }
  if (options.takeover && !(await confirm(io, options, takeoverQuestion(connection, record))))
    return io.note('Nothing was changed.')
  const brought = await bring(rotating, { token, takeover: options.takeover }, options.wait)
  await watch(rotating, target, brought, options)
}

function takeoverQuestion(connection: string, { userId, userName }: ConnectionRecord): string {
  const who = userName === undefined ? userId : `${userName} (${userId})`
  return plain(
    `${connection} is ${who} in ClickUp. With another user's token, its webhooks are made anew as that user, whose changes count as Hookline's own from then on. Go on?`,
  )
}

/** Follows it to its end, and says what came of it. `candidate`: the version that holds the operator's token; null for a test. */
async function watch(
  rotating: Rotating,
  target: Target,
  { run, candidate }: { run: string; candidate: string | null },
  { wait, json, utc }: TokenOptions,
): Promise<void> {
  const { io, connection } = rotating
  const write = (answer: object) =>
    io.write(`${JSON.stringify({ target: target.label, connection, run, ...answer })}\n`)
  if (!wait) {
    if (json) write({ outcome: null })
    else
      io.write(
        `The ${candidate === null ? 'test' : 'rotation'} of the token of ${connection} is on the way: npx hookline status\n`,
      )
    return
  }
  await whileWatching(io, 'It goes on by itself: npx hookline status', async () => {
    const followed = await follow(rotating, run)
    const isOver = followed.kind === 'failed' || followed.kind === 'givenUp'
    if (isOver && candidate !== null) await withdraw(rotating, candidate)
    const replaced = followed.kind === 'done' ? await replacedBy(run, target, connection) : null
    if (json) write({ ...followedJson(followed), replaced })
    const failed =
      candidate === null
        ? 'The token in use did not pass its test'
        : 'The new token was not taken, and nothing was changed'
    const failure = failureOf(followed, rotating, failed)
    if (failure !== null) throw failure
    if (json) return
    const said = candidate === null ? 'The token in use has passed its test.' : takenText(followed, replaced)
    io.write(`${[said, ...replacedLines(replaced, { now: io.now(), utc })].join('\n')}\n`)
  })
}

/** Its function says more where the webhooks are not in order yet. */
function takenText(followed: Followed, replaced: Replaced | null): string {
  const said =
    replaced === null && followed.kind === 'done' ? plain(followed.report.detail) : 'The new token is in use.'
  return `${said} Every function takes it up within a minute.`
}
