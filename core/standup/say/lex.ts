import { numbersOf } from './lex-numbers.ts'
import { isPriority } from './sections.ts'
import { type Found, type Grammar, matchAt, type PartRole, strange, type Token } from './token.ts'
import { folded } from './word-list.ts'

/** That in which the data is written. */
export const PRINTED: Grammar = {
  ...{ was: ['from'], lasting: ['for'], usual: ['within'], between: ['status', 'tag'], relation: [], status: [] },
  ...{ numbers: [], named: [] },
  ...{ hours: ['h'], minutes: ['min'], days: ['working_day', 'working_days'] },
}

/**
 * Takes texts apart from their beginning to their end; whatever is none of the parts is strange. `values`: the names of statuses,
 * priorities and tags that may stand in a text, in any case, with quotes or without.
 */
export type Lex = (text: string, values: readonly string[]) => Token[]

export function createLex(grammar: Grammar): Lex {
  const numberAt = numbersOf(grammar)
  const roleOf = (word: string): PartRole =>
    grammar.was.includes(word)
      ? 'was'
      : grammar.lasting.includes(word)
        ? 'lasting'
        : grammar.usual.includes(word)
          ? 'usual'
          : 'none'
  const leads = [...grammar.relation, ...grammar.status]
  /** How what stands here can be the name of a status; null where it would be said of a person, who is not "fired" by one. */
  const placeOf = (tokens: readonly Token[], after: string) => (name: string, hasQuotes: boolean) => {
    // The data names nothing without quotes, and every name in it is one.
    if (leads.length === 0 || leads.includes(after) || isPriority(name)) return { isBare: false }
    const last = tokens.findLast((token) => token.kind === 'ref')
    const isOfTask = last?.kind === 'ref' && last.ref.startsWith('t')
    return isOfTask || (hasQuotes && last === undefined) ? { isBare: !hasQuotes } : null
  }
  return (text, values) => {
    const names = [...new Set(values)].sort((a, b) => b.length - a.length)
    const tokens: Token[] = []
    let at = 0
    while (at < text.length) {
      const after = wordBefore(tokens, grammar)
      const found =
        refAt(text, at, after) ??
        valueAt(text, at, names, { role: roleOf(after), placeOf: placeOf(tokens, after) }) ??
        (isInWord(text, at) ? null : numberAt(text, at, roleOf(after))) ??
        restAt(text, at, after, grammar)
      if (found.token !== null) tokens.push(found.token)
      at += found.length
    }
    return tokens
  }
}

const isInWord = (text: string, at: number) => /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at))

/** The last word, where nothing but words like `the` and `status` stands between. */
function wordBefore(tokens: readonly Token[], { between }: Grammar): string {
  for (const token of tokens.toReversed()) {
    if (token.kind !== 'word') return ''
    if (!between.includes(token.word)) return token.word
  }
  return ''
}

const REF = /\{([tp][1-9]\d{0,5})\}(?:['’]s(?![\p{L}\p{N}]))?/uy

function refAt(text: string, at: number, after: string): Found | null {
  const ref = matchAt(REF, text, at)
  return ref === null ? null : { token: { kind: 'ref', ref: ref[1] ?? '', after }, length: ref[0].length }
}

const QUOTES = ['""', '“”', "''", '‘’'].map((pair) => [pair.charAt(0), pair.charAt(1)] as const)

type Place = { role: PartRole; placeOf(name: string, hasQuotes: boolean): { isBare: boolean } | null }

function valueAt(text: string, at: number, names: readonly string[], { role, placeOf }: Place): Found | null {
  for (const name of names) {
    for (const [opening, closing] of [...QUOTES, ['', ''] as const]) {
      const whole = opening + name + closing
      if (text.slice(at, at + whole.length).toLowerCase() !== whole.toLowerCase()) continue
      if (opening === '' && !standsAlone(text, at, whole.length)) continue
      const place = placeOf(name, opening !== '')
      if (place !== null) return { token: { kind: 'value', value: name, role, ...place }, length: whole.length }
    }
  }
  return null
}

const standsAlone = (text: string, at: number, length: number): boolean =>
  !isInWord(text, at) && !/^[\p{L}\p{M}\p{N}]/u.test(text.slice(at + length, at + length + 2))

const WORD = /\p{L}[\p{L}\p{M}]*(?:[-'’]\p{L}[\p{L}\p{M}]*)*/uy
const DIGITS = /\p{N}[\p{N}.,:%]*/uy
const HARMLESS = /[\s.,;:()–—/&-]/uy

function restAt(text: string, at: number, after: string, { numbers }: Grammar): Found {
  const match = matchAt(WORD, text, at)
  if (match !== null) {
    const word = folded(match[0])
    const number = numbers.findIndex((each) => each.split('/').includes(word)) + 1
    const token: Token =
      number > 0
        ? { kind: 'number', number: String(number), role: 'none', isLength: false }
        : { kind: 'word', word, after }
    return { token, length: match[0].length }
  }
  if (matchAt(HARMLESS, text, at) !== null) return { token: null, length: 1 }
  const digits = matchAt(DIGITS, text, at)
  if (digits !== null) return strange('number', digits[0].length)
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  // Quotes hold the name of a status: one that no cited fact has.
  return strange(/["“”'‘’]/.test(character) ? 'claim' : 'form', character.length)
}
