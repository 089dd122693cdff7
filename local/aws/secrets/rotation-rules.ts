import * as z from 'zod'
import type { RotationRules, RotationState } from './store.ts'

const HOUR_MS = 3_600_000
const RATE = /^rate\((\d+) (hour|day)s?\)$/

/** Days or a rate, not both: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html */
export const rotationRulesSchema = z
  .object({
    AutomaticallyAfterDays: z.number().int().min(1).max(1000),
    Duration: z.string(),
    ScheduleExpression: z.string().regex(RATE, 'must be a rate of hours or days: the local stack reads no other'),
  })
  .partial()
  .refine(
    (rules) => rules.AutomaticallyAfterDays === undefined || rules.ScheduleExpression === undefined,
    'must have either AutomaticallyAfterDays or ScheduleExpression',
  )
  .refine((rules) => everyMs(rules) === null || Number(everyMs(rules)) >= 4 * HOUR_MS, 'must be at least four hours')

/** Milliseconds from one rotation to the next; null where no schedule is set. */
function everyMs({ AutomaticallyAfterDays: days, ScheduleExpression = '' }: RotationRules): number | null {
  if (days !== undefined) return days * 24 * HOUR_MS
  const [, count, unit] = RATE.exec(ScheduleExpression) ?? []
  return count === undefined ? null : Number(count) * (unit === 'day' ? 24 : 1) * HOUR_MS
}

/** When the secret is rotated by itself; null where that was not asked for, or was cancelled. */
export function nextRotationAt({ enabled, rules, countsFrom }: RotationState): number | null {
  const every = enabled && rules !== null ? everyMs(rules) : null
  return every === null ? null : countsFrom + every
}
