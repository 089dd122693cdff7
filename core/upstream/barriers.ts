import { type Barrier, breakerAt, takeProbe } from './breaker.ts'
import type { Change } from './change.ts'
import type { Blocked } from './passage.ts'
import { refusalAt, takeTrial } from './refusal.ts'
import type { View } from './view.ts'

/** What stands in the way of a call beside the budget. */
export type Barriers = { token: Barrier; health: Barrier }

export const barriersAt = ({ state, now }: View, credential: string | undefined): Barriers => ({
  token: refusalAt(state.refusal, credential, now),
  health: breakerAt(state.breaker, now),
})

/** The token goes first: while it is refused, it does not matter who is up. */
export function shutBy({ token, health }: Barriers): Blocked | null {
  if (token.kind === 'shut') return { kind: 'blocked', why: 'tokenDead', until: token.until, since: token.since }
  if (health.kind === 'shut') return { kind: 'blocked', why: 'down', until: health.until, since: health.since }
  return null
}

/** Whether there is one call to be made, by one worker, to see whether more may follow. */
export const isProbe = ({ token, health }: Barriers): boolean => token.kind === 'probe' || health.kind === 'probe'

/** What is written by the worker that makes it. */
export const rightsToProbe = ({ state, now }: View, { token, health }: Barriers, credential: string): Change[] => [
  ...(token.kind === 'probe' && state.refusal !== null ? [takeTrial(state.refusal, credential, now)] : []),
  ...(health.kind === 'probe' && state.breaker !== null ? [takeProbe(state.breaker, now)] : []),
]
