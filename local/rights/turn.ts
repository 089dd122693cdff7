import type { Stage } from './stage.ts'

/** One way that functions can take, small enough to be played again and again on the same stage. */
export type Turn = {
  name: string
  /** Whose rights it takes, by the last part of their names. Each begins as a new process, which remembers nothing. */
  functions: readonly string[]
  /** Lines at the level ERROR that belong to it. */
  tolerates?: readonly string[]
  /** What is otherwise after it, and has to be set right before the next: what stands in the state table, or webhooks and secrets, too. */
  upsets?: 'state' | 'connection'
  /** @throws TurnFailed, GaveUp when it did not go as it should */
  play(stage: Stage): Promise<void>
}

/** What a turn should have come to, and did not; or what a function has said itself. */
export class TurnFailed extends Error {
  override readonly name = 'TurnFailed'
}

/** @throws TurnFailed with what should have been */
export function should(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new TurnFailed(sentence)
}
