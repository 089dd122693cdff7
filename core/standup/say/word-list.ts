import { FACT_KINDS, type FactKind } from '../material.ts'

/** Words that do something in a sentence, besides being ordinary ones. */
const ROLES = [
  /** Refused wherever no cited text has them: they say that something is not so, or is so of the whole. */
  'whole',
  /** Of a priority: that it went up, that it went down. */
  'up',
  'down',
  /** Stands before who did it: of what nobody does, such as being blocked, it says more than is known. */
  'agent',
  /** Stands before what was, as "from"; what lasts, as "for"; what is usual, as "within". */
  'was',
  'lasting',
  'usual',
  /** May stand between one of those and what it is about, as "the". */
  'between',
  /** Put one thing in a relation to another. */
  'relation',
  /** Stands before the name of a status, as "to". */
  'status',
  /** Words that statuses are often called. */
  'state',
  /** Behind it a word says what is to be, as behind "to". */
  'aim',
  /** One, two, three, in their order; those for the same number with a `/` between. */
  'numbers',
  'hours',
  'minutes',
  'days',
  /** Stand before a number that is a name, as "task 3". */
  'named',
] as const
type Role = (typeof ROLES)[number]

/**
 * What statements may be made of: words that say nothing by themselves, words that claim something which a cited fact of some kind
 * bears out, and the few that show how a sentence hangs together. It is a file, so that another language is another file.
 */
export type WordList = {
  ordinary: ReadonlySet<string>
  claims: ReadonlyMap<string, ReadonlySet<FactKind>>
  roles: Readonly<Record<Role, readonly string[]>>
}

export type Meaning = { kind: 'ordinary' } | { kind: 'claim'; kinds: ReadonlySet<FactKind> } | { kind: 'unknown' }

/** What a word says, in lower case. A claim of no kinds stands with no fact. */
export function meaningOf({ ordinary, claims, roles }: WordList, word: string): Meaning {
  if (roles.whole.includes(word)) return { kind: 'claim', kinds: new Set() }
  const kinds = claims.get(word)
  if (kinds !== undefined) return { kind: 'claim', kinds }
  return ordinary.has(word) ? { kind: 'ordinary' } : { kind: 'unknown' }
}

/** A word as it is compared, whichever apostrophe it is written with. */
export const folded = (word: string): string => word.toLowerCase().replaceAll('’', "'")

/**
 * A list of words: lines of ordinary ones, lines `kind: words` and `role: words`, and comments behind `#`.
 *
 * @param file its name, for errors
 * @throws Error that says in one sentence what is wrong with it
 */
export function parseWordList(text: string, file: string): WordList {
  const ordinary = new Set<string>()
  const claims = new Map<string, Set<FactKind>>()
  const roles = new Map<Role, string[]>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, key, rest = ''] = /^\s*(?:([^\s:]+)\s*:)?(.*)$/.exec(line.replace(/#.*/, '')) ?? []
    const words = rest
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(folded)
    if (key === undefined) {
      for (const word of words) ordinary.add(word)
    } else if (isKind(key)) {
      for (const word of words) claims.set(word, (claims.get(word) ?? new Set()).add(key))
    } else if (isRole(key)) {
      roles.set(key, [...(roles.get(key) ?? []), ...words])
    } else {
      throw new Error(
        `${file} has "${key}:" in line ${index + 1}, which is neither a kind of facts nor a role of words.`,
      )
    }
  }
  const missing = ROLES.filter((role) => !roles.has(role))
  if (missing.length > 0)
    throw new Error(`${file} has no line "${missing[0]}:", which prompts/standup/v1.words.txt explains.`)
  // These are words of a sentence like any other, where they do not claim anything.
  const plain = ['lasting', 'was', 'usual', 'between', 'relation', 'status', 'agent', 'aim', 'up', 'down'] as const
  for (const word of plain.flatMap((role) => roles.get(role) ?? [])) if (!claims.has(word)) ordinary.add(word)
  return { ordinary, claims, roles: rolesFrom(roles) }
}

const isKind = (key: string): key is FactKind => FACT_KINDS.some((kind) => kind === key)
const isRole = (key: string): key is Role => ROLES.some((role) => role === key)

const rolesFrom = (roles: ReadonlyMap<Role, readonly string[]>): Record<Role, readonly string[]> => {
  const of = (role: Role) => roles.get(role) ?? []
  return {
    ...{ whole: of('whole'), up: of('up'), down: of('down'), agent: of('agent'), was: of('was') },
    ...{ lasting: of('lasting'), usual: of('usual'), between: of('between'), relation: of('relation') },
    ...{ status: of('status'), state: of('state'), aim: of('aim'), numbers: of('numbers'), named: of('named') },
    ...{ hours: of('hours'), minutes: of('minutes'), days: of('days') },
  }
}
