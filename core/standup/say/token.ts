import type { Removal } from '../statement.ts'
import type { WordList } from './word-list.ts'

/**
 * A statement in its parts. `after`: the word right before. `role`: what that word makes of it: what was before, how long something
 * lasts, or what is usual.
 */
export type Token =
  | { kind: 'ref'; ref: string; after: string }
  /** The name of a status, priority or tag. `isBare`: only its place says that it is one, and it can be read as what it says. */
  | { kind: 'value'; value: string; role: PartRole; isBare: boolean }
  /** A length of time, a time, a day or a count, in one spelling. */
  | { kind: 'number'; number: string; role: PartRole; isLength: boolean }
  | { kind: 'word'; word: string; after: string }
  /** What must not stand in a statement. */
  | { kind: 'strange'; why: Removal }

export type PartRole = 'was' | 'lasting' | 'usual' | 'none'

/** How numbers and prepositions are written. */
export type Grammar = Pick<
  WordList['roles'],
  'was' | 'lasting' | 'usual' | 'between' | 'relation' | 'status' | 'numbers' | 'named' | 'hours' | 'minutes' | 'days'
>

/** A part that was found, with its length in the text; null for what lies between parts. */
export type Found = { token: Token | null; length: number }

/** What a sticky pattern finds right there. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

export const strange = (why: Removal, length: number): Found => ({ token: { kind: 'strange', why }, length })
