/**
 * What can go wrong when somebody's API is asked, as a closed union: every caller says what it does with each.
 * Which answer means which is the provider's own table (`core/clickup/faults.ts`). Every time is ms since 1970, our clock.
 */
export type Fault =
  /** The resource does not exist (any more). */
  | { kind: 'gone' }
  /** The token may not see the resource, or there is no such resource: some providers do not tell these apart. */
  | { kind: 'noAccess' }
  /** There is no token to ask with: none is stored, or its secret cannot be read; then `reason` is the error's name. Nothing was asked. */
  | { kind: 'noToken'; reason: string | null }
  /** The token itself is refused: nothing works until somebody mends it. `until`: when it is tried again, if that is known. */
  | { kind: 'tokenDead'; code: string; until: number | null }
  /** Nothing more may be asked before `until`: the budget is spent, or the provider says so. */
  | { kind: 'rateLimited'; until: number }
  /** The provider is down, slow or unreachable: the same request may work later. `until` while the breaker is open. */
  | { kind: 'unavailable'; reason: string; until: number | null }
  /** The request or its answer is not what was agreed: the same request will never work. */
  | { kind: 'invalid'; reason: string }
  /** An operator has paused everything: nothing was asked. `until`: when to look again. */
  | { kind: 'paused'; until: number }
  /** Too little time is left to begin a call. */
  | { kind: 'outOfTime' }

/** An answer: a value, with the moment on the provider's clock at which the read began, or a fault. */
export type Answer<Value> = { kind: 'ok'; value: Value; observedAt: number } | Fault
