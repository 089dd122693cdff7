/** One line of the bench's table: ours, what stands beside it, and their ratio, all of one run. */
export type Figure = {
  /** In words, with what it was taken at: `signature of 4 KiB`. */
  readonly figure: string
  /** A median of several, where it is a time. */
  readonly ours: number
  readonly unit: Unit
  /** What it is compared with: `floor`, `express.raw`, `stripe`. */
  readonly beside: { readonly what: string; readonly value: number } | null
  readonly aim: Aim | null
}

export type Unit = 'µs' | 'ms' | 's' | 'B' | 'KB' | 'MB' | '/s' | 'units' | 'calls' | 'US$' | '×' | ''

/**
 * What is aimed at: `≤ 1.5 ×`. `decides` for what does not depend on the machine (bytes, units, calls, money): missing it ends the
 * bench with 1. A time never decides.
 */
type Aim = { readonly text: string; readonly holds: boolean; readonly decides: boolean }

/** A bench: what is measured, and what can be broken on purpose to see that an aim can be missed. */
export type Bench = {
  /** In kebab-case, for `--only`. */
  readonly name: string
  /** One line for whoever reads the table. */
  readonly title: string
  readonly breaks: readonly string[]
  run(options: BenchOptions): Promise<readonly Figure[]>
}

export type BenchOptions = {
  readonly seed: number
  /** One of the bench's own `breaks`, or null. */
  readonly broken: string | null
  /** Fewer rounds: figures of the same kind that are less sure. */
  readonly quick: boolean
  /** Progress, a line each. */
  note(line: string): void
}

/** Ours as a share of what stands beside it; null without one. */
export const ratioOf = ({ ours, beside }: Figure): number | null => (beside === null ? null : ours / beside.value)
