import type { Faults } from '../../local/clickup/faults.ts'
import type { Plan } from '../../local/clickup/rate-limit.ts'
import type { Run } from '../../local/virtual/run.ts'

/** One figure of a run and what it must not exceed or fall short of (`bounds.ts` makes them). */
export type Bound = {
  /** In camelCase, as in `--json`: `apiCalls`. */
  readonly figure: string
  readonly value: number
  /** In words a reader of the table understands: `≤ 40`; null for a figure that is only shown. */
  readonly bound: string | null
  readonly ok: boolean
}

/** One row of the table: a storm, and what must hold when it has passed. */
export type Scenario = {
  /** In kebab-case, for `--only`. */
  readonly name: string
  /** One line for whoever reads the table. */
  readonly title: string
  /** The fake ClickUp that it needs. The harness makes it, with `createVirtualClickUp`. */
  readonly clickup: {
    readonly tasks: number
    readonly old?: { readonly tasks: number; readonly timeEntries: number }
    readonly plan?: Plan
    readonly faults: Partial<Faults>
  }
  readonly consumer?: {
    /** Concurrent invocations that the event source allows. The harness has a default, as the template has. */
    readonly maxConcurrency?: number
  }
  /** Virtual milliseconds after which it ends in any case; a run that is not over then has failed. */
  readonly longestMs: number
  /** A shorter one of the same kind, for whoever has to hurry. */
  readonly quick?: Scenario
  /** Called once at the beginning: schedules everything that is to happen and answers with how it is to be judged. */
  play(run: Run): Plot
}

type Plot = {
  /** Asked after every virtual millisecond, so it is cheap. */
  isOver(): boolean
  /** Every figure that was measured, once it is over or its time is up. */
  bounds(): Bound[]
}
