import * as z from 'zod'

/** The answer of `GET /team/{id}/plan`. */
export const planAnswer = z.looseObject({ plan_name: z.string() })

/** Calls a minute for each token, by the plan of the workspace: https://developer.clickup.com/docs/rate-limits */
const CALLS_PER_MINUTE = new Map([
  ['free', 100],
  ['freeforever', 100],
  ['unlimited', 100],
  ['business', 100],
  ['businessplus', 1_000],
  ['enterprise', 10_000],
])

/** The rate limit of a plan by its name, however that is written; null for a plan that we do not know. */
export const callsPerMinuteOf = (planName: string): number | null =>
  CALLS_PER_MINUTE.get(planName.toLowerCase().replaceAll(/[^a-z]/g, '')) ?? null
