import type { FactKind } from '../material.ts'
import type { Removal, Section } from '../statement.ts'
import { type Cited, isBorneOut, refsIn } from './cited.ts'
import { SECTION_OF, shiftOf } from './sections.ts'
import type { Token } from './token.ts'
import { folded, meaningOf, type WordList } from './word-list.ts'

/** What a statement says of its facts beyond refs and numbers: by its heading, its verbs, its statuses, and who stands where. */
export function claimFault(section: Section, tokens: readonly Token[], cited: Cited, list: WordList): Removal | null {
  const isAlone = tokens.filter(({ kind }) => kind === 'ref').length === 1
  const checks = [
    standsInSection(section, cited),
    hasSubject(tokens, cited),
    hasOneSubject(tokens, cited),
    tokens.every((token) => wordStands(token, cited, list)),
    tokens.every((token) => valueStands(token, cited, list)),
    tokens.every((token) => placeStands(token, cited, list, isAlone)),
    timeStands(tokens, cited),
  ]
  return checks.every(Boolean) ? null : 'claim'
}

/** What somebody has written is told as how things go on. */
const standsInSection = (section: Section, { facts }: Cited): boolean =>
  facts.length === 0 ? section === 'progress' : facts.every(({ fact }) => SECTION_OF[fact.kind] === section)

/** What a task's fact says is said of the task, by its ref or as one of so many: "{p1} moved." would be said of the person. */
function hasSubject(tokens: readonly Token[], { facts }: Cited): boolean {
  const isOfTask = facts.some(({ fact }) => fact.task !== null)
  return tokens.some(
    ({ kind, ...token }) => kind === 'number' || ('ref' in token && (!isOfTask || token.ref.startsWith('t'))),
  )
}

/** Several tasks, or several kinds of facts, and never both: what is said of one would be said of another. */
function hasOneSubject(tokens: readonly Token[], { facts }: Cited): boolean {
  if (new Set(facts.map(({ fact }) => fact.kind)).size <= 1) return true
  const [task, ...others] = refsIn(tokens).filter((ref) => ref.startsWith('t'))
  return task !== undefined && others.length === 0 && facts.every(({ printed }) => printed.tasks.includes(task))
}

/** Kinds that nobody does. */
const LASTING: ReadonlySet<FactKind> = new Set(['blocked', 'stuck'])

/** What is the case with a task the facts alone know: that somebody has written so proves nothing. */
const KNOWN: ReadonlySet<FactKind> = new Set(['done', 'blocked', 'stuck', 'reopened', 'deleted', 'priority'])

function wordStands(token: Token, { facts, texts }: Cited, list: WordList): boolean {
  if (token.kind !== 'word') return true
  const { word } = token
  const { up, down, agent, status, state, was, relation, aim, between } = list.roles
  const isWritten = texts.some(({ words }) => words.has(word))
  if (aim.includes(token.after) && !between.includes(word) && !isWritten) return false
  // Who is blocked or stuck is so still.
  if (was.includes(word) && !relation.includes(word) && facts.some(({ fact }) => LASTING.has(fact.kind))) return false
  if (agent.includes(word)) return facts.every(({ fact }) => !LASTING.has(fact.kind))
  if (up.includes(word)) return facts.length > 0 && facts.every(({ fact }) => shiftOf(fact) > 0)
  if (down.includes(word)) return facts.length > 0 && facts.every(({ fact }) => shiftOf(fact) < 0)
  // "Moved to done" names a status, and one that no cited fact has.
  if (state.includes(word) && status.includes(token.after)) return false
  const meaning = meaningOf(list, word)
  if (meaning.kind !== 'claim' || facts.some(({ fact }) => meaning.kinds.has(fact.kind))) return true
  const isOnlyKnown = meaning.kinds.size > 0 && [...meaning.kinds].every((kind) => KNOWN.has(kind))
  return !isOnlyKnown && isWritten
}

/** Without quotes the name of a status says what its words say: "{t1} is finished" wants more than a status of that name. */
const claimsStand = (name: string, { facts }: Cited, list: WordList): boolean =>
  (folded(name).match(/\p{L}[\p{L}\p{M}'-]*/gu) ?? []).every((word) => {
    const meaning = meaningOf(list, word)
    return meaning.kind !== 'claim' || facts.some(({ fact }) => meaning.kinds.has(fact.kind))
  })

/** After "from" it is what was, else what is now. */
function valueStands(token: Token, cited: Cited, list: WordList): boolean {
  if (token.kind !== 'value') return true
  if (token.isBare && !claimsStand(token.value, cited, list)) return false
  return isBorneOut(cited, ({ tokens }) =>
    tokens.some(
      (known) =>
        known.kind === 'value' &&
        known.value.toLowerCase() === token.value.toLowerCase() &&
        (known.role === 'was') === (token.role === 'was'),
    ),
  )
}

/** Kinds of which a task is what somebody is at. */
const IN_HAND: ReadonlySet<FactKind> = new Set(['time', 'working'])

/** Tasks do nothing to each other, and nobody is known to be the reason of a blocker, or the one whom something is for. */
function placeStands(token: Token, { facts }: Cited, { roles }: WordList, isAlone: boolean): boolean {
  if (token.kind !== 'ref' || token.after === '') return true
  const { ref, after } = token
  const isOf = (kinds: ReadonlySet<FactKind>) => facts.every(({ fact }) => kinds.has(fact.kind))
  if (facts.some(({ fact }) => LASTING.has(fact.kind))) {
    return isAlone || ![...roles.relation, ...roles.agent].includes(after)
  }
  if (ref.startsWith('t')) return !roles.agent.includes(after) && (isOf(IN_HAND) || !roles.status.includes(after))
  return !roles.relation.includes(after) || isOf(IN_HAND)
}

/** Time is known of all tasks of the fact together: beside a length, some of them alone would be wrong. */
function timeStands(tokens: readonly Token[], { facts }: Cited): boolean {
  const named = refsIn(tokens).filter((ref) => ref.startsWith('t'))
  if (named.length === 0) return true
  return facts.every(({ fact }) => fact.kind !== 'time' || fact.tasks.every((task) => named.includes(task)))
}
