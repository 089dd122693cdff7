import { ENV } from '../../core/platform/env-names.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../check/settings.ts'
import { createRandom } from '../clickup/random.ts'

/** Whether ClickUp lets a second webhook stand beside the one that is replaced, or refuses it (`OAUTH_171`). */
export type Way = 'beside' | 'instead'

/** How much is done, and how far time is pressed together. Times are milliseconds. */
export type Scale = {
  /** Deliveries a second, all webhooks together. */
  rate: number
  /** Whether the load goes on for as long as there is time, or ends with the last rotation. */
  fills: boolean
  /** What each rotation meets; the seed decides which comes first. */
  ways: readonly Way[]
  /** How verifiers keep signing secrets. */
  cache: { lifeMs: number; refreshEveryMs: number; lingerMs: number }
  /** How long a replaced webhook goes on. */
  overlapMs: number
  /** How late a delivery may come before a sweep finds what it would have told. */
  lateMs: number
  /** So long after it comes back, a delivery that was put off has been worked off: longer than the queue, or a sweep would not wait for it. */
  slackMs: number
  /** How often a verifier's process ends. */
  restartEveryMs: { min: number; max: number }
  /** How often the guard comes: every five minutes in production. */
  guardEveryMs: number
  /** Tasks in a list of the workspace, at the most: all of them are read first. */
  mostInAList: number
}

export const WHOLE: Scale = {
  ...{
    rate: 200,
    fills: true,
    ways: ['beside', 'beside', 'instead'],
    cache: { lifeMs: 3_000, refreshEveryMs: 1_000, lingerMs: 7_000 },
  },
  ...{
    overlapMs: 6_000,
    lateMs: 5_000,
    slackMs: 10_000,
    restartEveryMs: { min: 500, max: 2_500 },
    guardEveryMs: 2_000,
    mostInAList: Number.POSITIVE_INFINITY,
  },
}

/** One rotation each way, for a suite that has other things to do. */
export const SHORT: Scale = {
  ...{
    rate: 15,
    fills: false,
    ways: ['beside', 'instead'],
    cache: { lifeMs: 1_000, refreshEveryMs: 500, lingerMs: 3_000 },
  },
  ...{
    overlapMs: 1_500,
    lateMs: 2_000,
    slackMs: 1_000,
    restartEveryMs: { min: 1_000, max: 2_500 },
    guardEveryMs: 1_000,
    mostInAList: 5,
  },
}

/** The ways in the order of this run. */
export const waysOf = ({ ways }: Scale, seed: number): Way[] => createRandom(seed).fork('ways').shuffle(ways)

/** What the functions are told instead of what the template says. */
export function environmentOf({ cache, overlapMs, lateMs, slackMs }: Scale): Record<string, string> {
  const noting = { ...CONSUMER_SETTINGS.noting, slackMs }
  return {
    [ENV.signingCache]: JSON.stringify(cache),
    [ENV.rotationSettings]: JSON.stringify({ overlapMs }),
    [ENV.syncSettings]: JSON.stringify({ ...SYNC_SETTINGS, lateMs }),
    [ENV.settings]: JSON.stringify({ ...CONSUMER_SETTINGS, noting }),
  }
}
