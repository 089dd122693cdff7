import type { Cost } from './model.ts'

/** ClickUp's plans by their calls a minute, the smallest first: https://developer.clickup.com/docs/rate-limits */
const PLANS = [
  { plan: 'Free to Business', callsPerMinute: 100 },
  { plan: 'Business Plus', callsPerMinute: 1_000 },
  { plan: 'Enterprise', callsPerMinute: 10_000 },
] as const

/** An hour of the day that has three times its part, in a day of ten hours: what people's work looks like. */
const PEAK = { hours: 10, times: 3 }

/** What lane `live` may take of a window (`core/upstream/lane.ts`). */
const LIVE_SHARE = 0.95

/** How the calls that deliveries need fit a plan's limit. */
export type Fit = {
  plan: string
  callsPerMinute: number
  /**
   * `single`: each changed task is read by itself, at once, also in the busiest hour. `listed`: in the busiest hour tasks wait
   * for a listing of a hundred, up to two minutes, and nothing is lost.
   */
  reads: 'single' | 'listed'
}

/** Calls a minute, in the busiest hour, if every change is read by itself. */
export const peakCallsPerMinute = ({ apiCalls }: Pick<Cost, 'apiCalls'>): number =>
  (apiCalls.perDay / (PEAK.hours * 60)) * PEAK.times + apiCalls.ofSync / 1_440

/** What each plan would make of it. A limit is never exceeded: what does not fit waits. */
export const fitsOf = (cost: Pick<Cost, 'apiCalls'>): Fit[] =>
  PLANS.map(({ plan, callsPerMinute }) => ({
    ...{ plan, callsPerMinute },
    reads: peakCallsPerMinute(cost) <= callsPerMinute * LIVE_SHARE ? 'single' : 'listed',
  }))
