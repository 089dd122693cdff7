import { ASSUMED, PER_DELIVERY } from './measured.ts'
import { type Cost, costOf } from './model.ts'
import { type Fit, fitsOf } from './plan-fit.ts'

/** Settings for a volume, and what it costs. */
export type Tuning = {
  deliveriesPerDay: number
  /** How much of it comes in storms: the larger a workspace, the more of it is automations and bulk edits. */
  batchedShare: number
  consumerMemoryMb: number
  maxConcurrency: number
  degradedAfterMinutes: number
  /** Requests a second that the API lets through, and at once. */
  throttling: { rate: number; burst: number }
  sweepMinutes: number
  fits: Fit[]
  cost: Cost
}

const VOLUMES = [
  { deliveriesPerDay: 100, batchedShare: 0 },
  { deliveriesPerDay: 1_000, batchedShare: 0.1 },
  { deliveriesPerDay: 10_000, batchedShare: 0.3 },
  { deliveriesPerDay: 100_000, batchedShare: 0.5 },
  { deliveriesPerDay: 1_000_000, batchedShare: 0.9 },
] as const

/** A minute of a storm brings so large a part of a day. */
const STORM_SHARE = 1 / 200

/** What is deployed when nothing is chosen. */
const DEFAULTS = {
  ...{ consumerMemoryMb: ASSUMED.memoryMb.consumer, maxConcurrency: 10, degradedAfterMinutes: 10, sweepMinutes: 15 },
  throttling: { rate: 500, burst: 1_000 },
} as const

/** What to set at each volume; what is not said to differ is the default, because nothing that was measured asks for another. */
export const tunings = (): Tuning[] =>
  VOLUMES.map(({ deliveriesPerDay, batchedShare }) => {
    const cost = costOf({ eventsPerDay: deliveriesPerDay, batchedShare, connections: 1, logDays: 30, ownKey: false })
    const aSecond = (deliveriesPerDay * STORM_SHARE) / 60
    const { consumerMs, consumerInvocations } = PER_DELIVERY.alone
    const seconds = (consumerMs + consumerInvocations * ASSUMED.consumerOwnMs) / 1000
    return {
      ...DEFAULTS,
      ...{ deliveriesPerDay, batchedShare, cost, fits: fitsOf(cost) },
      // As many batches at once as a storm keeps busy while each task is still read by itself: later it needs less.
      maxConcurrency: Math.max(DEFAULTS.maxConcurrency, roundUp(aSecond * seconds)),
      // A throttled delivery costs one of ClickUp's five tries: five storms at once have to pass.
      throttling: {
        rate: Math.max(DEFAULTS.throttling.rate, roundUp(aSecond * 5)),
        burst: Math.max(DEFAULTS.throttling.burst, roundUp(aSecond * 10)),
      },
    }
  })

const roundUp = (value: number) => Math.ceil(value / 10) * 10
