import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../core/standup/say/data.ts'
import { digestOf } from '../../../core/standup/say/digest.ts'
import { verify } from '../../../core/standup/say/verify.ts'
import type { Statement } from '../../../core/standup/statement.ts'
import { FLUENT, FURTHER } from './support/fluent.ts'
import { aDay, materialOf } from './support/material.ts'
import { words } from './support/words.ts'

const SEED = 71_204
const material = materialOf(aDay)

/** What the model was told of each fact: lines of the data, read with nothing of the code under test. */
const lines = new Map(
  dataOf(material)
    .split('\n')
    .flatMap((line) => {
      const [, id = ''] = /^(f\d+) \| /.exec(line) ?? []
      return id === '' ? [] : [[id, line.slice(id.length)] as const]
    }),
)

const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** Digits and words for numbers that stand in a text besides refs. */
function numbersIn(text: string): string[] {
  const bare = text.replace(/\{[tp]\d+\}/g, ' ')
  const words = (bare.toLowerCase().match(/\p{L}+/gu) ?? []).flatMap((word) => {
    const value = NUMBERS.indexOf(word) + 1
    return value > 0 ? [String(value)] : []
  })
  return [...(bare.match(/\p{N}+/gu) ?? []), ...words].map((digits) => digits.replace(/^0+(?=.)/, ''))
}

const refsIn = (text: string) => text.match(/\{[tp]\d+\}/g) ?? []

/** What is wrong with a statement that stands, by reckoning of another kind. */
function wrongIn({ text, cites }: Statement): string[] {
  const cited = cites.map((id) => lines.get(id) ?? '')
  const data = cited.join('\n')
  const tasks = new Set(data.match(/\{t\d+\}/g)).size
  const named = new Set(text.match(/\{t\d+\}/g)).size
  const more = Number(/(\d+) more/.exec(data)?.[1] ?? 0)
  const counts = [cites.length, tasks, named, tasks + more, tasks + more - named].map(String)
  // "320 min" is how "5 h 20 min" may be told.
  const minutes = [...data.matchAll(/(\d+) h(?: (\d+) min)?/g)].map(([, h = '0', min = '0']) =>
    String(Number(h) * 60 + Number(min)),
  )
  const known = new Set([...numbersIn(data), ...counts, ...minutes])
  return [
    ...cited.flatMap((line, i) => (line === '' ? [`${cites[i]} is no fact`] : [])),
    ...refsIn(text).filter((ref) => !data.includes(ref)),
    ...numbersIn(text).filter((number) => !known.has(number)),
    ...(text.match(/"[^"]*"/g) ?? []).filter((value) => !data.toLowerCase().includes(value.toLowerCase())),
    ...(/[{}]/.test(text.replace(/\{[tp]\d+\}/g, '')) ? ['a brace'] : []),
  ]
}

const bases = [...digestOf(material), ...FLUENT.flat(), ...FURTHER]
const ids = [...lines.keys(), 'f0', 'f16', 'f999', 't1', '', 'F1']
const refs = [
  '{t1}',
  '{t4}',
  '{t9}',
  '{t14}',
  '{t99}',
  '{p1}',
  '{p2}',
  '{p4}',
  '{T1}',
  '{f1}',
  't1',
  '{}',
  '{task:id-t1}',
]
const bits = [
  ...['5 h', '20 min', '85', '3', '4 working days', '2.5', '14:05', 'Thu', '2026', 'seven', '٣', '4th', '90%', '1,000'],
  ...[
    '"live"',
    '"on hold"',
    '"nowhere"',
    'urgent',
    'from',
    'to',
    'not',
    'done',
    'blocked',
    'and',
    'for',
    'within',
    'by',
    'all',
  ],
  ...['bankrupt', '\u202e', '@all', '**', '\n', 'https://a.example', 'Zugvogel 1 basteln', '{', '}'],
]

/** A statement that somebody has fumbled with: pieces exchanged, put in, taken out. */
const fumbled = fc
  .record({
    base: fc.constantFrom(...bases),
    edits: fc.array(
      fc.record({ at: fc.nat(40), how: fc.constantFrom('ref', 'bit', 'drop', 'swap'), pick: fc.nat(1000) }),
      { maxLength: 3 },
    ),
    cites: fc.option(fc.array(fc.constantFrom(...ids), { maxLength: 4 }), { nil: undefined, freq: 2 }),
    section: fc.option(fc.constantFrom('blockers', 'done', 'progress', 'priorities', 'new', 'people'), {
      nil: undefined,
      freq: 4,
    }),
  })
  .map(({ base, edits, cites, section }): Statement => {
    const parts = base.text.split(' ')
    for (const { at, how, pick } of edits) {
      const i = at % (parts.length + 1)
      if (how === 'ref') parts.splice(i, pick % 2, refs[pick % refs.length] ?? '')
      if (how === 'bit') parts.splice(i, pick % 2, bits[pick % bits.length] ?? '')
      if (how === 'drop') parts.splice(i, 1)
      if (how === 'swap') parts.push(...parts.splice(i, 2))
    }
    return { section: section ?? base.section, text: parts.join(' '), cites: cites ?? base.cites }
  })

describe('a statement that stands', () => {
  it('holds no ref, number or status that is not in the facts that it cites', () => {
    const said = new Set(bases.map(({ text }) => text))
    let [altered, removed] = [0, 0]
    fc.assert(
      fc.property(fumbled, (statement) => {
        const result = verify([statement], material, words)
        if (result.kept.length === 0) removed += 1
        else if (!said.has(statement.text)) altered += 1
        return result.kept.flatMap(wrongIn).length === 0
      }),
      { seed: SEED, numRuns: 3_000 },
    )
    // A property of nothing would be none.
    expect(altered).toBeGreaterThan(80)
    expect(removed).toBeGreaterThan(400)
  })

  it('is found wrong by that reckoning when it is', () => {
    const wrong = { section: 'done' as const, text: '{p1} finished {t4} in 7 days, now "nowhere".', cites: ['f4'] }
    expect(wrongIn(wrong)).toEqual(['7', '"nowhere"'])
    expect(wrongIn({ ...wrong, text: '{p2} finished {t4}.' })).toEqual(['{p2}'])
  })

  it('comes of no text at all by chance, and no text makes it throw', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 500 }), fc.string({ unit: 'grapheme', maxLength: 80 }))
    fc.assert(
      fc.property(text, fc.array(fc.oneof(fc.constantFrom(...ids), fc.string()), { maxLength: 5 }), (said, cites) => {
        const { kept, removed } = verify([{ section: 'done', text: said, cites }], material, words)
        const counted = kept.length + Object.values(removed).reduce((sum, count) => sum + count, 0)
        return counted === 1 && kept.flatMap(wrongIn).length === 0
      }),
      { seed: SEED, numRuns: 500 },
    )
  })
})
