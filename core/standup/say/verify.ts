import type { Fact, Material, TextOf } from '../material.ts'
import type { Removal, Statement } from '../statement.ts'
import { MOST_CHARACTERS } from './answer.ts'
import { claimFault } from './check-claims.ts'
import { numberFault } from './check-numbers.ts'
import { refFault } from './check-refs.ts'
import { citedFact, citedText } from './cited.ts'
import { createLex, type Lex } from './lex.ts'
import { plainNames } from './plain-names.ts'
import { meaningOf, type WordList } from './word-list.ts'

export type Verified = { kept: Statement[]; removed: Partial<Record<Removal, number>> }

/**
 * Which statements of a model stand. A statement stands when everything in it can be found in what it cites: each task, person,
 * number and status, and for each word that claims something a fact that bears it out; every other word has to be in the list.
 * Whatever cannot be told to be so is removed and counted, also where a person would see that it is right: what must be told is
 * then told by template.
 */
export function verify(statements: readonly Statement[], material: Material, words: WordList): Verified {
  const against: Against = {
    material,
    words,
    lex: createLex(words.roles),
    facts: new Map(material.facts.map((fact) => [fact.id, fact])),
    texts: new Map((material.texts ?? []).map((text) => [text.id, text])),
    hasName: plainNames(material, words),
  }
  const kept: Statement[] = []
  const removed: Partial<Record<Removal, number>> = {}
  const texts = new Set<string>()
  for (const { section, text: said, cites } of statements) {
    const statement = { section, text: said.trim(), cites: [...new Set(cites.map((id) => id.trim()))] }
    // What was said twice is told once.
    const why = texts.has(statement.text) ? 'form' : faultOf(statement, against)
    texts.add(statement.text)
    if (why === null) kept.push(statement)
    else removed[why] = (removed[why] ?? 0) + 1
  }
  return { kept, removed }
}

type Against = {
  material: Material
  words: WordList
  lex: Lex
  facts: ReadonlyMap<string, Fact>
  texts: ReadonlyMap<string, TextOf>
  hasName(text: string): boolean
}

const LINK = /:\/\/|\bwww\.|\bmailto:|\p{L}\.\p{L}/iu

function faultOf({ section, text, cites }: Statement, against: Against): Removal | null {
  if (text === '' || text.length > MOST_CHARACTERS || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return 'form'
  if (cites.length === 0) return 'noCite'
  if (!cites.every((id) => against.facts.has(id) || against.texts.has(id))) return 'unknownCite'
  const { material, words, lex } = against
  const facts = cites.flatMap((id) => against.facts.get(id) ?? []).map((fact) => citedFact(fact, material))
  const cited = { facts, texts: cites.flatMap((id) => against.texts.get(id) ?? []).map((each) => citedText(each, lex)) }

  const tokens = lex(
    text,
    facts.flatMap(({ printed }) => printed.values),
  )
  const strange = tokens.flatMap((token) => (token.kind === 'strange' ? [token.why] : []))
  if (strange.includes('form') || LINK.test(text) || against.hasName(text)) return 'form'
  // What somebody has written may be quoted: its words are compared one by one.
  const [first] = strange.filter((why) => why !== 'claim' || cited.texts.length === 0)
  return (
    first ??
    refFault(tokens, cited, material) ??
    numberFault(tokens, cited) ??
    claimFault(section, tokens, cited, words) ??
    (tokens.every((token) => token.kind !== 'word' || isKnown(token.word)) ? null : 'word')
  )

  function isKnown(word: string): boolean {
    return meaningOf(words, word).kind !== 'unknown' || cited.texts.some((each) => each.words.has(word))
  }
}
