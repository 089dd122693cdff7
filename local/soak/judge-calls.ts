import type { ClickUpCall } from '../virtual/clickup.ts'
import type { Machine } from '../virtual/run.ts'

/** Whoever waits for a passage at the moment has it already. */
export const UNDER_WAY_MS = 2_000

/** Calls that should not have been made: beyond the budget, as far as that is for us to know. */
export function judgeCalls({ clickup: { calls } }: Pick<Machine, 'clickup'>): string[] {
  const windows = Map.groupBy(calls, ({ window }) => window)
  return [...windows].flatMap(([window, its]) => {
    if (window === null) return []
    const refused = its.filter((call) => isOurs(call) && call.status === 429)
    const [first] = refused
    if (first === undefined) return []
    if (its.every(isOurs)) return [`${refused.length} calls of the window ${window} were refused for the rate`]
    // Somebody else has used it up, and the first of us has been told.
    const told = (first.endedAt ?? first.begunAt) + UNDER_WAY_MS
    const after = its.filter((call) => isOurs(call) && call.begunAt > told)
    return after.length === 0 ? [] : [`${after.length} calls of the window ${window} after a 429 had told of its end`]
  })
}

/** By whom the calls of somebody else are told apart: those who use our token and ask nobody, and whoever looks by hand. */
export const STRANGER = 'a stranger'
export const OPERATOR = 'an operator'
export const isOurs = ({ by }: ClickUpCall) => by !== STRANGER && by !== OPERATOR
