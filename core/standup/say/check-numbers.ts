import type { Removal } from '../statement.ts'
import { type Cited, isBorneOut, refsIn } from './cited.ts'
import type { Token } from './token.ts'

type Numeral = Extract<Token, { kind: 'number' }>

/**
 * A number in a statement has to stand in what it cites, with the same unit, or count what it is about. Where several facts are
 * cited it has to stand in each: else it could be another task's. What is usual is not how long something lasts.
 */
export function numberFault(tokens: readonly Token[], cited: Cited): Removal | null {
  const counts = countsOf(tokens, cited)
  const stands = (said: Numeral) =>
    (!said.isLength && counts.has(said.number)) ||
    isBorneOut(cited, ({ tokens }) => hasNumber(tokens, said)) ||
    cited.texts.some(({ tokens }) => hasNumber(tokens, said))
  return tokens.every((token) => token.kind !== 'number' || stands(token)) ? null : 'number'
}

const hasNumber = (tokens: readonly Token[], said: Numeral): boolean =>
  tokens.some((known) => known.kind === 'number' && known.number === said.number && isSameRole(known, said))

const isSameRole = (known: Numeral, said: Numeral): boolean =>
  said.role === 'usual' ? known.role === 'usual' : said.role !== 'lasting' || known.role !== 'usual'

/** What may be counted: the facts, their tasks, the tasks that are named, and those that are not. */
function countsOf(tokens: readonly Token[], { facts }: Cited): ReadonlySet<string> {
  const named = refsIn(tokens).filter((ref) => ref.startsWith('t')).length
  const tasks = new Set(facts.flatMap(({ printed }) => printed.tasks)).size
  const [only, ...others] = facts
  const more = only?.fact.kind === 'working' && others.length === 0 ? only.fact.more : 0
  const counts = [facts.length, tasks, named, more, tasks + more, tasks + more - named]
  return new Set(counts.filter((count) => count > 0).map(String))
}
