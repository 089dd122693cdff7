import type { Fact, Material, TextOf } from '../material.ts'
import { createLex, type Lex, PRINTED } from './lex.ts'
import { type PrintedFact, printFact } from './print.ts'
import type { Token } from './token.ts'

/** A fact that a statement cites, in words and in parts. */
export type CitedFact = { fact: Fact; printed: PrintedFact; tokens: readonly Token[] }

/** A text that a statement cites, in parts; the refs are those of its task and of who wrote it. */
export type CitedText = { tokens: readonly Token[]; words: ReadonlySet<string>; refs: ReadonlySet<string> }

/** All that a statement cites. */
export type Cited = { facts: readonly CitedFact[]; texts: readonly CitedText[] }

const lexPrinted = createLex(PRINTED)

/** What a model was told is taken apart as what it says of it is, so that both can be compared. */
export function citedFact(fact: Fact, material: Pick<Material, 'span' | 'workingDayMs'>): CitedFact {
  const printed = printFact(fact, material)
  return { fact, printed, tokens: lexPrinted(printed.line, printed.values) }
}

export function citedText({ task, label, text }: TextOf, lex: Lex): CitedText {
  const tokens = [...lex(text, []), ...lexPrinted(label, [])]
  const words = new Set(tokens.flatMap((token) => (token.kind === 'word' ? [token.word] : [])))
  const refs = [...(task === null ? [] : [task]), ...(label.match(/\bp[1-9]\d*\b/g) ?? [])]
  return { tokens, words, refs: new Set(refs) }
}

/** Whether something is known of what a statement is about: of each fact of one kind, else it could be what is known of another. */
export const isBorneOut = ({ facts }: Cited, by: (cited: CitedFact) => boolean): boolean =>
  [...Map.groupBy(facts, ({ fact }) => fact.kind).values()].some((alike) => alike.every(by))

/** All refs of a statement, each once. */
export const refsIn = (tokens: readonly Token[]): string[] => [
  ...new Set(tokens.flatMap((token) => (token.kind === 'ref' ? [token.ref] : []))),
]
