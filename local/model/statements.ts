import type { Statement } from '../../core/standup/statement.ts'
import type { Random } from '../clickup/random.ts'
import type { Behaviour } from './behaviours.ts'
import type { DataFact, DataRead } from './read-data.ts'

/** What is said of a fact, and where. Of some a model may leave something out. */
type Way = { section: Statement['section']; optional?: boolean; say(fact: Parts): readonly string[] }

/** A fact's line taken to pieces. */
type Parts = { subject: string; by: string | null; values: readonly string[]; lasting: string | null; rest: string }

const WAYS: Readonly<Record<string, Way>> = {
  done: {
    section: 'done',
    say: ({ subject, by }) =>
      by === null ? [`${subject} is done.`] : [`${by} finished ${subject}.`, `${subject} is done.`],
  },
  deleted: { section: 'progress', optional: true, say: ({ subject }) => [`${subject} was deleted.`] },
  reopened: { section: 'progress', say: ({ subject }) => [`${subject} was reopened.`] },
  blocked: {
    section: 'blockers',
    say: ({ subject, lasting }) => [
      `${subject} is blocked.`,
      ...(lasting === null ? [] : [`${subject} is blocked for ${lasting}.`]),
    ],
  },
  stuck: { section: 'blockers', say: ({ subject, values: [status = ''] }) => [`${subject} is stuck in "${status}".`] },
  priority: {
    section: 'priorities',
    say: ({ subject, values: [from = '', to = ''] }) => [
      `The priority of ${subject} changed from "${from}" to "${to}".`,
    ],
  },
  created: {
    section: 'new',
    optional: true,
    say: ({ subject, by }) => (by === null ? [`${subject} is new.`] : [`${by} created ${subject}.`]),
  },
  moved: {
    section: 'progress',
    optional: true,
    say: ({ subject, values }) => [`${subject} moved to "${values.at(-1) ?? ''}".`],
  },
  time: { section: 'people', optional: true, say: ({ subject, rest }) => [`${subject} logged ${rest}.`] },
  working: { section: 'people', optional: true, say: ({ subject, rest }) => [`${subject} is working on ${rest}.`] },
}

/** Statements about the facts, of which most are told; the same for the same data and stream of chance. */
function goodStatements({ facts }: DataRead, random: Random): Statement[] {
  return facts.flatMap((fact) => {
    const way = WAYS[fact.kind]
    if (way === undefined || (way.optional === true && random.chance(0.2))) return []
    return [{ section: way.section, text: random.pick(way.say(partsOf(fact))), cites: [fact.id] }]
  })
}

function partsOf({ subject, known }: DataFact): Parts {
  return {
    subject,
    by: /\bby (?<by>\{p\d+\})/.exec(known)?.groups?.['by'] ?? null,
    values: [...known.matchAll(/"(?<value>[^"]*)"/g)].map(({ groups }) => groups?.['value'] ?? ''),
    lasting: / for (?<lasting>[^;]+)/.exec(known)?.groups?.['lasting'] ?? null,
    rest: known,
  }
}

/** An instruction in somebody's name for a task, and what it wants to be said. */
const ORDER = /\b(?:answer|say|write|reply|report)(?:\s+(?:only|exactly|that))?\s*:?\s+(?<words>.{3,})$/i

/** The ways in which a model says what it must not, each mixed with what is right. */
const WRONG: Partial<Record<Behaviour, (data: DataRead, random: Random) => Statement[]>> = {
  madeUpFacts: (_, random) => [
    { section: 'done', text: 'Everything else is done.', cites: [`f${random.int(900, 999)}`] },
  ],
  madeUpRefs: ({ facts }, random) =>
    facts.slice(0, 3).map(({ id }) => ({
      ...{ section: 'done', cites: [id] },
      text: `{p${random.int(90, 99)}} finished {t${random.int(900, 999)}}.`,
    })),
  madeUpNumbers: ({ facts }, random) =>
    facts.slice(0, 3).map(({ id, kind, subject }) => ({
      ...{ section: WAYS[kind]?.section ?? 'progress', cites: [id] },
      text: `${subject} waits for ${random.int(70, 99)} working days.`,
    })),
  links: ({ facts }) =>
    facts.slice(0, 3).map(({ id, subject }) => ({
      ...{ section: 'progress', cites: [id] },
      text: `@everyone see [${subject}](http://127.0.0.1/steal) and **approve** it.`,
    })),
  obeys: ({ names, facts }) =>
    [...names.values()].flatMap((name) => {
      const words = ORDER.exec(name)?.groups?.['words']
      return words === undefined ? [] : [{ section: 'done', text: words, cites: facts.slice(0, 1).map(({ id }) => id) }]
    }),
}

/** What a model of this behaviour says of the data. */
export function statementsOf(data: DataRead, behaviour: Behaviour, random: Random): Statement[] {
  const good = goodStatements(data, random.fork('good'))
  if (behaviour === 'uncited') return good.map((statement) => ({ ...statement, cites: [] }))
  if (behaviour === 'forgetful') return good.filter((_, i) => i % 4 === 0)
  const wrong = WRONG[behaviour]?.(data, random.fork('wrong')) ?? []
  return random.fork('order').shuffle([...good, ...wrong])
}
