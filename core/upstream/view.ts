import type { WindowSpec } from './provider.ts'
import type { Upstream } from './store.ts'
import type { Limits } from './window.ts'

/** The shared state as it was read, and what decisions about it need beside. */
export type View = {
  state: Upstream
  windows: readonly WindowSpec[]
  limitsOf(spec: WindowSpec): Limits
  /** Milliseconds since 1970. */
  now: number
}
