import { createPeople } from '../../report/people.ts'
import { createCalendar } from '../../report/working-time.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import { nameText } from '../facts/name-text.ts'
import { createPersons } from '../facts/persons.ts'
import type { Surroundings } from '../facts/surroundings.ts'
import { estimateTokens } from '../facts/tokens.ts'
import type { FactKind, Material, PersonOf, TaskOf, TextOf } from '../material.ts'
import { dataOf, quoted } from '../say/data.ts'
import type { StandupSettings } from '../settings.ts'
import { hopsOf, statusNow } from './hops.ts'
import type { TaskKnowledge } from './knowledge.ts'
import { shortened } from './readable.ts'
import { taskFacts } from './task-facts.ts'
import { type TaskText, type TextContext, taskTexts } from './task-texts.ts'

export type TaskQuestion = {
  connection: string
  settings: Pick<StandupSettings, 'blockers' | 'reports' | 'maxInputTokens'>
  now: number
} & Pick<TextContext, 'selfId' | 'isOwnField'>

/** About what a fact takes. */
const FACT_TOKENS = 40
/** What stands around a text: its id and what it is. */
const AROUND_TOKENS = 25
/** Of a text that would be cut to less, nothing is worth reading. */
const LEAST_TOKENS = 12
/** No text takes more than this part of what is left, so that the next ones have some. */
const SHARE = 0.6

const REF = 't1'

/**
 * What is known of one task as the material of a recipe: facts of its whole life, and texts of people. It is the same for the
 * same tables, within the tokens that a question may take.
 */
export function taskMaterial(
  knowledge: TaskKnowledge,
  snapshot: Snapshot,
  surroundings: Pick<Surroundings, 'members' | 'watermark' | 'unreadable'>,
  question: TaskQuestion,
): Material {
  const { connection, settings, now } = question
  const { timeZone } = settings.reports
  const { refOf, people } = refsOf(createPersons(createPeople(surroundings.members, settings.reports.people)))
  const calendar = createCalendar(settings.reports)
  const told = taskFacts(knowledge, snapshot, { settings, calendar, now, refOf, ref: REF })
  const most = Math.max(1, Math.floor(settings.maxInputTokens / 2 / FACT_TOKENS))
  const facts = told
    .slice(0, most)
    .map((fact, i) => ({ ...fact, id: `f${i + 1}`, task: 'person' in fact ? null : REF }))
  // Whoever has written a comment gets a ref by it.
  const texts = taskTexts(knowledge, snapshot, { ...question, refOf, timeZone })
  const status = statusNow(snapshot, hopsOf(knowledge.changes))?.name ?? null
  const task: TaskOf = {
    ...{ ref: REF, id: snapshot.id, name: nameText(snapshot.name, snapshot.id), status, url: snapshot.url },
    list: snapshot.list,
  }
  const material: Material = {
    scope: { connection, lists: snapshot.list === null ? [] : [snapshot.list.id], spaces: [] },
    about: 'this task',
    span: { from: Math.min(snapshot.createdAt ?? now, knowledge.changes[0]?.at ?? now, now), until: now, timeZone },
    workingDayMs: calendar.dayMs,
    tasks: new Map([[REF, task]]),
    people: people(),
    facts,
    totals: totalsOf(told.map(({ kind }) => kind)),
    watermark: surroundings.watermark,
    unreadable: knowledge.unreadable + surroundings.unreadable,
    claimed: knowledge.claimed,
    cut: false,
  }
  return { ...material, texts: fitting(texts, settings.maxInputTokens - estimateTokens(dataOf(material))) }
}

/** Persons get their refs when they are first met. */
function refsOf(persons: ReturnType<typeof createPersons>) {
  const refs = new Map<string, string>()
  return {
    refOf(person: { id: string; name: string | null } | null): string | null {
      const key = persons.keyOf(person)
      if (key === null) return null
      const ref = refs.get(key) ?? `p${refs.size + 1}`
      refs.set(key, ref)
      return ref
    },
    people: (): Map<string, PersonOf> => new Map([...refs].map(([key, ref]) => [ref, { ref, ...persons.of(key) }])),
  }
}

/** Cuts texts to the room in the order of what matters, and leaves out those that nothing would be left of. */
function fitting(texts: readonly TaskText[], room: number): TextOf[] {
  let left = room
  const fitted: TextOf[] = []
  for (const { label, text, changeIds } of texts) {
    const most = Math.floor((left - AROUND_TOKENS) * SHARE)
    if (most < LEAST_TOKENS) break
    const cut = cutTo(text, most)
    left -= tokensOf(cut) + AROUND_TOKENS
    fitted.push({ id: `x${fitted.length + 1}`, task: REF, label, text: cut, changeIds })
  }
  return fitted
}

/** As it stands in the data: there some characters are written as several. */
const tokensOf = (text: string) => estimateTokens(quoted(text))

function cutTo(text: string, most: number): string {
  let cut = text
  // Characters take more or less each, so what was cut by the average may still be too long.
  for (let tokens = tokensOf(cut); tokens > most; tokens = tokensOf(cut))
    cut = shortened(cut, Math.min(cut.length - 1, Math.floor((cut.length * most) / tokens)))
  return cut
}

function totalsOf(kinds: readonly FactKind[]): Record<FactKind, number> {
  const count = (kind: FactKind) => kinds.filter((each) => each === kind).length
  const [blocked, stuck, done, deleted, reopened] = [
    count('blocked'),
    count('stuck'),
    count('done'),
    0,
    count('reopened'),
  ]
  const [priority, created, moved] = [count('priority'), count('created'), count('moved')]
  return {
    blocked,
    stuck,
    done,
    deleted,
    reopened,
    priority,
    created,
    moved,
    time: count('time'),
    working: count('working'),
  }
}
