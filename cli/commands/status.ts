import { Command } from 'commander'
import { type QueueDepth, readStatus, STATUS_DAYS, type Status } from '../../core/process/status.ts'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { noteUnreadable } from '../output/notes.ts'
import { pairsText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { agoText, durationText, type TimeStyle, timeText } from '../output/time.ts'
import { type Target, withTarget } from '../target.ts'

export function statusCommand(io: Io): Command {
  const command = new Command('status')
    .summary('how the pipeline does')
    .description(
      'Shows how the pipeline does: what waits on the queues, what lies in quarantine, the last delivery that made ' +
        `a change in the last ${STATUS_DAYS} days, and what the functions share when they call ClickUp: the budget of ` +
        'API calls, whether ClickUp is up, and whether it accepts the token. SQS counts its messages approximately.',
    )
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline status
  $ npx hookline status --stage prod --profile work
  $ npx hookline status --json | jq -e '.queues.quarantine.waiting == 0'`,
    )
    .action(async (given: unknown) => {
      const options = commonOptions.parse(given)
      await withTarget(options, io.cwd, (target) => showStatus(io, target, options))
    })
}

async function showStatus(io: Io, target: Target, { json, utc }: { json: boolean; utc: boolean }): Promise<void> {
  const { unreadable, ...status } = await readStatus({
    ...target,
    queues: await target.queues(),
    clock: { now: io.now },
  })
  if (json) writeJson(io, { target: target.label, ...status })
  else writeStatus(io, target.label, status, utc)
  noteUnreadable(io, unreadable)
}

type Upstream = NonNullable<Status['connections'][number]['upstream']>
type Painter = ReturnType<typeof painter>

function writeStatus(io: Io, label: string, status: Omit<Status, 'unreadable'>, utc: boolean): void {
  const paint = painter(io.colours)
  const style = { now: io.now(), utc }
  const { deliveries, quarantine } = status.queues
  const set = quarantine.waiting + quarantine.inFlight + quarantine.deferred
  const pairs: [string, string][] = [
    ['looking at', plain(label)],
    ...status.connections.map(({ name, record }): [string, string] => [
      `connection ${name}`,
      record === null
        ? paint('yellow', 'not made yet')
        : plain(`workspace ${record.workspaceId}, as user ${record.userId}`),
    ]),
    ['deliveries', depthText(deliveries)],
    ['quarantine', set === 0 ? paint('green', 'empty') : paint('red', `${set} set aside`)],
    ['last delivery', lastText(status.lastDelivery, style)],
    ...status.connections.flatMap(({ name, upstream }): [string, string][] => {
      const label = (what: string) => (status.connections.length === 1 ? what : `${what} ${name}`)
      if (upstream === null) return [[label('budget'), paint('yellow', 'not readable')]]
      return [
        [label('budget'), budgetText(upstream.budget, style)],
        [label('ClickUp'), breakerText(upstream.breaker, style, paint)],
        [label('token'), tokenText(upstream.token, style, paint)],
      ]
    }),
  ]
  io.write(pairsText(pairs, { width: io.columns, paint }))
}

const depthText = ({ waiting, inFlight, deferred }: QueueDepth) =>
  waiting + inFlight + deferred === 0
    ? 'nothing waits'
    : `${waiting} waiting, ${inFlight} being worked on, ${deferred} put off`

function budgetText(budget: Upstream['budget'], style: TimeStyle): string {
  const [window] = budget
  if (window === undefined) return 'ClickUp was not asked yet'
  const { limit, left, endsAt, refusedUntil, learned } = window
  const ends = timeText(endsAt, style)
  const known = learned === null ? '' : `; ClickUp let through no more, although it tells ${window.told ?? 'no limit'}`
  if (refusedUntil !== null)
    return `none of ${limit} calls left until ${ends}: ClickUp refused one for its rate${known}`
  if (endsAt <= style.now) return `${limit} calls a minute, all left${known}`
  return `${left} of ${limit} calls left until ${ends}${known}`
}

function breakerText(breaker: Upstream['breaker'], style: TimeStyle, paint: Painter): string {
  if (breaker.state === 'closed') return paint('green', 'up')
  const { since, nextProbeAt } = breaker
  return `${paint('red', 'down')} since ${pastText(since, style)}, ${nextText('asked again', nextProbeAt, style)}`
}

function tokenText(token: Upstream['token'], style: TimeStyle, paint: Painter): string {
  if (token.state === 'accepted') return paint('green', 'accepted')
  const { since, code, nextTryAt } = token
  const next = nextText('tried again', nextTryAt, style)
  return `${paint('red', 'refused')} (${plain(code)}) since ${pastText(since, style)}, ${next}; a new token at once`
}

const pastText = (at: number, style: TimeStyle) => `${timeText(at, style)} (${agoText(at, style.now)})`

/** What is due is done by the next work that comes. */
const nextText = (what: string, at: number, style: TimeStyle) =>
  at <= style.now ? `${what} with the next work` : `${what} at ${timeText(at, style)}`

function lastText(last: Status['lastDelivery'], style: TimeStyle): string {
  if (last === null) return `none that made a change in the last ${STATUS_DAYS} days`
  const { receivedAt, publishedAt, resource, field } = last
  const latency = Math.max(0, publishedAt - receivedAt)
  const took = latency < 1_000 ? `${latency}ms` : durationText(latency)
  const what = plain(`${field} of ${resource.kind} ${resource.id}`)
  return `${timeText(receivedAt, style)} (${agoText(receivedAt, style.now)}): ${what}, published after ${took}`
}
