import { type Fact, type Material, MUST_TELL } from '../material.ts'
import { type KeptStatement, SECTIONS, type Statement } from '../statement.ts'
import { type CitedFact, citedFact } from './cited.ts'
import { statementsOf } from './digest.ts'
import { createLex, type Lex } from './lex.ts'
import type { Token } from './token.ts'
import { meaningOf, type WordList } from './word-list.ts'

/** A statement and who has said it. */
export type Spoken = Statement & { by: KeptStatement['by'] }

/**
 * What a model has said, and by template what it must not have left out. `added`: so many facts were left out. A fact is told by a
 * statement that names its task and says of what kind it is: to cite it is not enough.
 */
export function complete(
  kept: readonly Statement[],
  material: Material,
  words: WordList,
): { statements: Spoken[]; added: number } {
  const lex = createLex(words.roles)
  const told = new Set(kept.flatMap((statement) => toldBy(statement, material, { lex, words })))
  const missing = material.facts.filter((fact) => MUST_TELL.has(fact.kind) && !told.has(fact.id))
  const spoken: Spoken[] = [
    ...kept.map((statement) => ({ ...statement, by: 'model' as const })),
    ...statementsOf(missing, material).map((statement) => ({ ...statement, by: 'template' as const })),
  ]
  return {
    statements: SECTIONS.flatMap((section) => spoken.filter((statement) => statement.section === section)),
    added: missing.length,
  }
}

type Reading = { lex: Lex; words: WordList }

function toldBy({ text, cites }: Statement, material: Material, reading: Reading): string[] {
  const facts = material.facts.filter(({ id }) => cites.includes(id))
  return facts.filter((fact) => tells(text, citedFact(fact, material), reading)).map(({ id }) => id)
}

function tells(text: string, { fact, printed, tokens: known }: CitedFact, { lex, words }: Reading): boolean {
  const tokens = lex(text, printed.values)
  if (!tokens.some((token) => token.kind === 'ref' && token.ref === fact.task)) return false
  const isNow = (token: Token) => token.kind === 'value' && token.role !== 'was'
  const values = known.flatMap((token) => (token.kind === 'value' && isNow(token) ? [token.value] : []))
  const hasValue = tokens.some((token) => token.kind === 'value' && isNow(token) && values.includes(token.value))
  // A priority is told by what it is now: that it was changed says nothing.
  return fact.kind === 'priority' ? hasValue : hasValue || tokens.some((token) => saysKind(token, fact, words))
}

function saysKind(token: Token, fact: Fact, words: WordList): boolean {
  if (token.kind !== 'word') return false
  const meaning = meaningOf(words, token.word)
  return meaning.kind === 'claim' && meaning.kinds.has(fact.kind)
}
