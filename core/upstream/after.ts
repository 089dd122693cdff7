import { breakerAfter } from './breaker.ts'
import { allOf } from './change.ts'
import type { Ended } from './passage.ts'
import type { WindowSpec } from './provider.ts'
import { refusalAfter, type TokenFate } from './refusal.ts'
import type { View } from './view.ts'
import { type Step, type Testimony, windowAfter } from './witness.ts'

/** What is known of a call's end, and of the worker that made it. */
export type Aftermath = { call: Ended } & Pick<Testimony, 'atHand' | 'outstanding' | 'wish'>

/** What is to be written after a call, of budget, breaker and token together; null: nothing. */
export function changeAfter({ state, windows, limitsOf, now }: View, aftermath: Aftermath): Step | null {
  const { call, atHand, outstanding } = aftermath
  const hit = call.ended === 'rateLimited' ? windowOf(call, windows, now) : null
  // A lease is one of every window; where there are several, it is left to whoever looks at all of them.
  const wish = windows.length === 1 ? aftermath.wish : null
  const steps = windows.map((spec) => {
    const report = call.told.reports.find(({ window }) => window === spec.name) ?? null
    const answered = call.ended !== 'unavailable' && call.ended !== 'outOfTime'
    const refusedUntil = spec === hit ? (call.retryAt ?? now + spec.ms) : null
    const testimony = { report, answered, refusedUntil, atHand, outstanding, wish }
    return windowAfter(state.windows[spec.name] ?? null, { spec, limits: limitsOf(spec), testimony, now })
  })
  const health = call.ended === 'outOfTime' ? null : breakerAfter(state.breaker, healthOf(call), now)
  const token = refusalAfter(state.refusal, fateOf(call), now)
  const changes = [...steps.map((step) => step?.change ?? null), health, token].filter((change) => change !== null)
  if (changes.length === 0) return null
  return { change: allOf(changes), lent: steps.find((step) => step?.lent)?.lent ?? null }
}

const healthOf = ({ ended, probe }: Ended) =>
  ({ ended: ended === 'unavailable' ? 'unavailable' : 'answered', probe }) as const

/** Which window refused the call: the one that is told to be spent, else the shortest that can take so long to end. */
function windowOf({ told, retryAt }: Ended, specs: readonly WindowSpec[], now: number): WindowSpec | null {
  const spent = specs.find(({ name }) =>
    told.reports.some((report) => report.window === name && report.remaining === 0),
  )
  const wait = retryAt === undefined ? Number.POSITIVE_INFINITY : retryAt - now
  const byLength = specs.toSorted((a, b) => a.ms - b.ms)
  return spent ?? byLength.find(({ ms }) => ms >= wait) ?? byLength.at(-1) ?? null
}

function fateOf({ ended, credential, code = '', probe, superseded = false }: Ended): TokenFate {
  const call = { version: credential, code, probe }
  switch (ended) {
    case 'ok':
    case 'gone':
    case 'noAccess':
    case 'invalid':
      return { token: 'accepted', ...call }
    case 'tokenDead':
      return { token: superseded ? 'unsaid' : 'refused', ...call }
    case 'noToken':
    case 'rateLimited':
    case 'unavailable':
    case 'paused':
    case 'outOfTime':
      return { token: 'unsaid', ...call }
  }
}
