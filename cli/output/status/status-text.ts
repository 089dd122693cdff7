import { type LastDelivery, STATUS_DAYS } from '../../../core/status/last-delivery.ts'
import { type QueueDepth, sizeOf } from '../../../core/status/queues.ts'
import type { Status } from '../../../core/status/status.ts'
import type { Verdict } from '../../../core/status/verdict.ts'
import { pairsText } from '../table.ts'
import { plain } from '../text.ts'
import { agoText, durationText, type TimeStyle, timeText } from '../time.ts'
import { usdText } from '../usd.ts'
import { connectionRows, type Row } from './connection-rows.ts'
import type { Pen } from './level.ts'
import { verdictText } from './verdict-text.ts'
import { watchRows } from './watch-rows.ts'

/** All of it for a person: the verdict, then each connection, then what they share. */
export function statusText(
  label: string,
  status: Status,
  verdict: Verdict,
  { width, ...pen }: Pen & { width: number | undefined },
): string {
  const { queues, connections, lastDelivery, pulse, clickup, standup } = status
  const { paint, style } = pen
  const set = sizeOf(queues.quarantine)
  const shared: Row[] = [
    ['deliveries', depthText(queues.deliveries)],
    ...(queues.jobs === null ? [] : [['jobs', depthText(queues.jobs)] as const]),
    ...(queues.guard === null ? [] : [['guard jobs', depthText(queues.guard)] as const]),
    ...(standup === null ? [] : summaryRows(standup, pen)),
    ['quarantine', set === 0 ? paint('green', 'empty') : paint('red', `${set} set aside`)],
    ...watchRows({ pulse, clickup }, pen),
    ['last change', lastText(lastDelivery, style)],
    ['looking at', plain(label)],
  ]
  const groups = [...connections.map((each) => connectionRows(each, pen)), shared]
  const names = Math.max(...groups.flat().map(([name]) => name.length))
  const texts = groups.map((rows) => pairsText(rows, { width, paint, names }))
  return [verdictText(verdict, connections, { ...pen, width }), ...texts].join('\n')
}

const depthText = ({ waiting, inFlight, deferred }: QueueDepth) =>
  waiting + inFlight + deferred === 0
    ? 'nothing waits'
    : `${waiting} waiting, ${inFlight} being worked on, ${deferred} put off`

/** What waits, and of a model that was asked this month what it has cost and how it does. */
function summaryRows({ queue, spent }: NonNullable<Status['standup']>, { paint, style }: Pen): Row[] {
  const rows: Row[] = [['summaries', depthText(queue)]]
  if (spent === null) return [...rows, ['model', paint('yellow', 'what it has cost cannot be read')]]
  const { todayUsd, monthUsd, failuresInARow, lastFailure } = spent
  if (monthUsd === 0 && failuresInARow === 0) return rows
  const cost = `${usdText(todayUsd)} US$ today, ${usdText(monthUsd)} this month (UTC)`
  const failed =
    failuresInARow === 0 || lastFailure === null
      ? ''
      : `, has failed ${failuresInARow} times in a row (${lastFailure.why}, ${agoText(lastFailure.at, style.now)})`
  return [...rows, ['model', failed === '' ? cost : paint('yellow', cost + failed)]]
}

function lastText(last: LastDelivery | null, style: TimeStyle): string {
  if (last === null) return `none by a delivery in the last ${STATUS_DAYS} days`
  const { receivedAt, publishedAt, resource, field } = last
  const latency = Math.max(0, publishedAt - receivedAt)
  const took = latency < 1_000 ? `${latency}ms` : durationText(latency)
  const what = plain(`${field} of ${resource.kind} ${resource.id}`)
  return `${timeText(receivedAt, style)} (${agoText(receivedAt, style.now)}): ${what}, published after ${took}`
}
