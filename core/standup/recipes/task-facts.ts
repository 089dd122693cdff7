import * as z from 'zod'
import type { Recorded } from '../../ledger/history.ts'
import { createPhases } from '../../tasks/cycle/phases.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import { totalsOf } from '../../tasks/worklog-totals.ts'
import { momentOf } from '../facts/draft.ts'
import { FACT_KINDS } from '../material.ts'
import { type Hop, hopsOf, statusNow } from './hops.ts'
import type { TaskKnowledge } from './knowledge.ts'
import type { FactContext, TaskFact } from './task-fact.ts'
import { wayOf } from './task-way.ts'

const MOST_PEOPLE = 12
const MOST_IDS = 10

/** What is known of a task over its life, in the order of the kinds and of time. */
export function taskFacts(knowledge: TaskKnowledge, snapshot: Snapshot, context: FactContext): TaskFact[] {
  const { changes } = knowledge
  const hops = hopsOf(changes)
  const status = statusNow(snapshot, hops)
  const phases = createPhases(context.settings.reports.statuses)
  const isDone = status !== null && phases.of(status) === 'done'
  const facts: TaskFact[] = [
    ...blockedFacts(snapshot, status?.name ?? null, hops, changes, context),
    ...wayOf(snapshot, hops, { phases, isDone }, context),
    ...priorityFacts(changes, context),
    ...createdFacts(snapshot, hops, changes, context),
    ...timeFacts(knowledge, snapshot, context),
    ...(status !== null && phases.of(status) === 'active' ? workingFacts(snapshot, context) : []),
  ]
  return FACT_KINDS.flatMap((kind) => facts.filter((fact) => fact.kind === kind))
}

function blockedFacts(
  { tags }: Snapshot,
  status: string | null,
  hops: readonly Hop[],
  changes: readonly Recorded[],
  { settings: { blockers }, calendar, now }: FactContext,
): TaskFact[] {
  const isAmong = (words: readonly string[], word: string) => words.some((each) => folded(each) === folded(word))
  const since = (at: number | undefined) => (at === undefined ? null : calendar.working(at, now))
  const facts: TaskFact[] = []
  if (status !== null && isAmong(blockers.statuses, status)) {
    const last = hops.at(-1)
    const forMs = since(last?.at)
    facts.push({
      kind: 'blocked',
      because: 'status',
      word: status,
      forMs,
      changeIds: last === undefined ? [] : [last.id],
    })
  }
  for (const tag of tags.filter((each) => isAmong(blockers.tags, each))) {
    const tagged = changes.findLast(
      ({ field, after }) => field === 'tag' && Array.isArray(after) && after.includes(tag),
    )
    const changeIds = tagged === undefined ? [] : [tagged.id]
    facts.push({ kind: 'blocked', because: 'tag', word: tag, forMs: since(tagged?.at), changeIds })
  }
  return facts
}

const prioritySchema = z.looseObject({ name: z.string() })
const priorityOf = (side: unknown): string | null => prioritySchema.safeParse(side).data?.name ?? null

/** One fact, from the first priority to the present one: there and back again is none. */
function priorityFacts(changes: readonly Recorded[], { refOf }: FactContext): TaskFact[] {
  const shifts = changes.filter(({ field }) => field === 'priority')
  const [first, last] = [shifts[0], shifts.at(-1)]
  if (first === undefined || last === undefined) return []
  const [from, to] = [priorityOf(first.before), priorityOf(last.after)]
  if (from === to) return []
  const changeIds = shifts.map(({ id }) => id).slice(-MOST_IDS)
  return [{ kind: 'priority', ...momentOf(last), by: refOf(last.actor), from, to, changeIds }]
}

function createdFacts(
  { createdAt, creator }: Snapshot,
  hops: readonly Hop[],
  changes: readonly Recorded[],
  { refOf }: FactContext,
): TaskFact[] {
  const birth = changes.find(({ field }) => field === 'task_creation')
  const first = hops[0]?.from === null ? hops[0] : undefined
  const at = createdAt ?? birth?.at ?? first?.at
  if (at === undefined) return []
  const changeIds = [birth, first].flatMap((each) => each?.id ?? [])
  const by = refOf(creator ?? birth?.actor ?? first?.by ?? null)
  return [{ kind: 'created', at, by, status: first?.to.name ?? null, changeIds }]
}

/** What was written down for work, by person. */
function timeFacts({ entries }: TaskKnowledge, { id }: Snapshot, { refOf, ref }: FactContext): TaskFact[] {
  const byUser = totalsOf(entries).get(id)?.byUser ?? new Map<string, number>()
  const names = new Map(entries.map(({ userId, userName }) => [userId, userName ?? null]))
  return [...byUser]
    .filter(([id, ms]) => id !== '' && ms > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_PEOPLE)
    .flatMap(([id, ms]): TaskFact[] => {
      const person = refOf({ id, name: names.get(id) ?? null })
      return person === null ? [] : [{ kind: 'time', person, ms, tasks: [ref], changeIds: [] }]
    })
}

const workingFacts = ({ assignees }: Snapshot, { refOf, ref }: FactContext): TaskFact[] =>
  assignees.slice(0, MOST_PEOPLE).flatMap((assignee): TaskFact[] => {
    const person = refOf(assignee)
    return person === null ? [] : [{ kind: 'working', person, tasks: [ref], more: 0, changeIds: [] }]
  })

const folded = (word: string) => word.trim().toLowerCase()
