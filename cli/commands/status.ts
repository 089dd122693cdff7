import { Command } from 'commander'
import { type QueueDepth, readStatus, STATUS_DAYS, type Status } from '../../core/process/status.ts'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { noteUnreadable } from '../output/notes.ts'
import { pairsText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { agoText, durationText, timeText } from '../output/time.ts'
import { type Target, withTarget } from '../target.ts'

export function statusCommand(io: Io): Command {
  const command = new Command('status')
    .summary('how the pipeline does')
    .description(
      'Shows how the pipeline does: what waits on the queues, what lies in quarantine, the last delivery that made ' +
        `a change in the last ${STATUS_DAYS} days, and the budget: what ClickUp last said of its limit on API calls. ` +
        'SQS counts its messages approximately.',
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
    ...status.connections.map(({ name, budget }): [string, string] => [
      status.connections.length === 1 ? 'budget' : `budget ${name}`,
      budgetText(budget, style),
    ]),
  ]
  io.write(pairsText(pairs, { width: io.columns, paint }))
}

const depthText = ({ waiting, inFlight, deferred }: QueueDepth) =>
  waiting + inFlight + deferred === 0
    ? 'nothing waits'
    : `${waiting} waiting, ${inFlight} being worked on, ${deferred} put off`

function budgetText(budget: Status['connections'][number]['budget'], style: { now: number; utc: boolean }): string {
  if (budget === null) return 'ClickUp was not asked yet'
  const { limit, remaining, resetAt, toldAt } = budget
  if (resetAt <= style.now) return `${limit} calls a minute, all left since ${timeText(resetAt, style)}`
  return `${remaining} of ${limit} calls left until ${timeText(resetAt, style)}, told ${agoText(toldAt, style.now)}`
}

function lastText(last: Status['lastDelivery'], style: { now: number; utc: boolean }): string {
  if (last === null) return `none that made a change in the last ${STATUS_DAYS} days`
  const { receivedAt, publishedAt, resource, field } = last
  const latency = Math.max(0, publishedAt - receivedAt)
  const took = latency < 1_000 ? `${latency}ms` : durationText(latency)
  const what = plain(`${field} of ${resource.kind} ${resource.id}`)
  return `${timeText(receivedAt, style)} (${agoText(receivedAt, style.now)}): ${what}, published after ${took}`
}
