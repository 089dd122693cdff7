import type { LogEntry } from '../clickup/log-entry.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import { idOf } from './expected.ts'
import type { Arrival } from './subscriber.ts'

/** Milliseconds. */
export type Percentiles = { p50: number; p99: number }

/** What ClickUp's side saw of a scenario. */
export type Figures = {
  /** HTTP requests that were sent, copies and further tries included. */
  deliveries: number
  accepted: number
  refused: number
  /** How often a change was told that had been told before: by its twin event or by a copy. */
  duplicates: number
  apiCalls: number
  /** From sending a request to its whole answer. */
  ackMs: Percentiles
  /** From the first sending of a change to its arrival at the subscriber. */
  endToEndMs: Percentiles
}

type Attempt = Extract<LogEntry, { kind: 'attempt' }>

export function figuresOf(
  truth: readonly TruthChange[],
  entries: readonly LogEntry[],
  arrivals: readonly Arrival[],
): Figures {
  const attempts = entries.filter((entry) => entry.kind === 'attempt')
  const accepted = attempts.filter(isAccepted)
  return {
    deliveries: attempts.length,
    accepted: accepted.length,
    refused: attempts.length - accepted.length,
    duplicates: repeatsIn(truth, accepted),
    apiCalls: entries.filter((entry) => entry.kind === 'call').length,
    ackMs: percentiles(attempts.filter(({ status }) => status !== null).map(({ latencyMs }) => latencyMs)),
    endToEndMs: percentiles(waits(truth, attempts, arrivals)),
  }
}

const isAccepted = ({ status }: Attempt) => status !== null && status >= 200 && status < 300

/** A copy is logged under its delivery's id and a number: `d7` and `d7.2`. */
const originalOf = (deliveryId: string) => deliveryId.replace(/\..*$/, '')

function repeatsIn(truth: readonly TruthChange[], accepted: readonly Attempt[]): number {
  const copies = Map.groupBy(accepted, ({ deliveryId }) => originalOf(deliveryId))
  return truth
    .map(({ deliveries }) => deliveries.reduce((sum, each) => sum + (copies.get(each.deliveryId)?.length ?? 0), 0))
    .reduce((sum, told) => sum + Math.max(0, told - 1), 0)
}

/** For each change with an id of its own, how long it was on its way. */
function waits(truth: readonly TruthChange[], attempts: readonly Attempt[], arrivals: readonly Arrival[]): number[] {
  const sentAt = new Map<string, number>()
  for (const { deliveryId, at, latencyMs } of attempts) {
    const id = originalOf(deliveryId)
    sentAt.set(id, Math.min(sentAt.get(id) ?? Number.POSITIVE_INFINITY, at - latencyMs))
  }
  const arrivedAt = new Map<string, number>()
  for (const { event, at } of arrivals) if (!arrivedAt.has(event.changeId)) arrivedAt.set(event.changeId, at)
  return truth.flatMap((change) => {
    const arrived = arrivedAt.get(idOf(change) ?? '')
    if (arrived === undefined || fateOf(change) !== 'delivered') return []
    const sent = Math.min(...change.deliveries.map((each) => sentAt.get(each.deliveryId) ?? Number.POSITIVE_INFINITY))
    return Number.isFinite(sent) ? [Math.max(0, arrived - sent)] : []
  })
}

/** By the nearest rank; 0 of nothing. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)
  return { p50: at(0.5), p99: at(0.99) }
}

const round = (ms: number) => Math.round(ms * 10) / 10
