import { FACT_KINDS, type Fact, type Material } from '../material.ts'
import { SECTIONS, type Statement } from '../statement.ts'
import { valueText } from './harmless.ts'
import { isIncomplete } from './notes.ts'
import { SECTION_OF } from './sections.ts'
import { sentenceOf } from './sentences.ts'
import { fullTimeText } from './times.ts'

/** More names than this in a sentence nobody reads. */
const MOST_TOGETHER = 6

/** All of a material by template: what a model would have to say better, and good enough where there is none. */
export const digestOf = (material: Material): Statement[] =>
  material.facts.length === 0 ? [nothing(material)] : statementsOf(material.facts, material)

/** Statements of some facts of a material; those of which the same can be said are told together. */
export function statementsOf(facts: readonly Fact[], material: Material): Statement[] {
  const statements = FACT_KINDS.flatMap((kind) =>
    [
      ...Map.groupBy(
        facts.filter((fact) => fact.kind === kind),
        likeness,
      ).values(),
    ]
      .flatMap(inParts)
      .map((alike) => ({
        section: SECTION_OF[kind],
        text: sentenceOf(alike, material),
        cites: alike.map(({ id }) => id),
      })),
  )
  return SECTIONS.flatMap((section) => statements.filter((statement) => statement.section === section))
}

/** Facts with the same likeness differ by their task alone. */
function likeness(fact: Fact): string {
  switch (fact.kind) {
    case 'done':
    case 'deleted':
    case 'created':
      return JSON.stringify([fact.by])
    case 'moved':
    case 'reopened':
    case 'priority':
      return JSON.stringify([fact.by, fact.from, fact.to])
    default:
      return fact.id
  }
}

function inParts(facts: readonly Fact[]): Fact[][] {
  const parts: Fact[][] = []
  for (let i = 0; i < facts.length; i += MOST_TOGETHER) parts.push(facts.slice(i, i + MOST_TOGETHER))
  return parts
}

function nothing(material: Material): Statement {
  const { span, about, totals } = material
  const [where, since] = [valueText(about), fullTimeText(span.from, span.timeZone)]
  const isLeftOut = Object.values(totals).some((count) => count > 0)
  const text = isLeftOut
    ? `There is no room for what happened in ${where} since ${since}.`
    : isIncomplete(material)
      ? `Nothing is known to have happened in ${where} since ${since}.`
      : `Nothing happened in ${where} since ${since}.`
  return { section: 'progress', text, cites: [] }
}
