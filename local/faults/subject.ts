import type { MachineOptions } from '../virtual/machine.ts'
import type { Run } from '../virtual/run.ts'

/** What is left when all is at rest, by what it is about: compared by value, so it holds no time that depends on a disturbance. */
export type Outcome = Readonly<Record<string, unknown>>

/** What a machine of a subject is made with, so that it is disturbed. */
export type Given = { readonly seed: number } & Pick<
  MachineOptions,
  'variation' | 'onLine' | 'consumer' | 'maxConcurrency'
>

/** A machine on which the subject's work has been begun or scheduled. */
export type Play = {
  readonly run: Run
  /** Calls before this virtual time (ms since 1970) are left alone: they only set the stage. */
  readonly disturbedFrom?: number
  /** Nor are calls from this time on: they would only repeat others. */
  readonly disturbedUntil?: number
  /** By this virtual time (ms since 1970) all must be at rest, whatever was disturbed. */
  readonly longestUntil: number
  /** Asked after every virtual millisecond, so it is cheap. */
  isAtRest(): boolean
  outcome(): Outcome
  /** What must hold at any moment and did not, one sentence each; asked once, at the end. */
  breaches?(): readonly string[]
}

/** What a break puts around the functions, from outside. */
export type Broken = Pick<Given, 'variation' | 'consumer'>

/** One kind of work, played again for every fault of every one of its outgoing calls. */
export type Subject = {
  /** In kebab-case, for `--only`. */
  readonly name: string
  /** One line for whoever reads the help. */
  readonly title: string
  /** Whose outgoing calls are disturbed, by how a container's label begins: `container `, `sync `, `guard `, `rotate-signing `. */
  readonly containers: readonly string[]
  /** What can be broken on purpose, by name: the matrix must notice each. */
  readonly breaks: Readonly<Record<string, Broken>>
  /** The same seed and variation make the same run to the letter. */
  play(given: Given): Play
  /** What is wrong with an outcome, one sentence each; without it, it has to equal that of the undisturbed run. */
  judge?(outcome: Outcome, undisturbed: Outcome): readonly string[]
}
