import type { Fact, FactDetail, FactKind, Material, PersonOf, TaskOf } from '../../../../core/standup/material.ts'
import { FACT_KINDS } from '../../../../core/standup/material.ts'

const HOUR = 3_600_000
export const DAY_MS = 8 * HOUR
/** Friday, 20 November 2026, 09:00 in Berlin. */
export const UNTIL = Date.UTC(2026, 10, 20, 8)
export const FROM = UNTIL - 24 * HOUR

/** Without it all facts are about nobody and nothing. */
type Sketch = FactDetail & { task?: string }

/** A fact of whatever kind, with an id by its place. */
const factOf = ({ task, ...detail }: Sketch, index: number): Fact => ({
  ...detail,
  id: `f${index + 1}`,
  task: task ?? null,
  changeIds: [`change-${index + 1}`],
})

export const taskOf = (ref: string, name: string, over: Partial<TaskOf> = {}): TaskOf => ({
  ...{ ref, name, id: `id-${ref}`, list: { id: '901', name: 'Backend' }, status: 'review', url: null },
  ...over,
})

export const personOf = (ref: string, name: string): PersonOf => ({ ref, id: `18${ref.slice(1)}`, name })

/** A material of these facts; all that is not said is complete and without names that mean anything. */
export function materialOf(facts: readonly Sketch[], over: Partial<Material> = {}): Material {
  const made = facts.map(factOf)
  const refs = (pattern: RegExp) =>
    [...new Set(JSON.stringify(made).match(pattern) ?? [])].map((ref) => ref.slice(1, -1))
  const count = (kind: FactKind) => made.filter((fact) => fact.kind === kind).length
  const totals = Object.fromEntries(FACT_KINDS.map((kind) => [kind, count(kind)]))
  return {
    scope: { connection: 'main', lists: ['901'], spaces: [] },
    about: 'Backend',
    span: { from: FROM, until: UNTIL, timeZone: 'Europe/Berlin' },
    workingDayMs: DAY_MS,
    tasks: new Map(refs(/"t\d+"/g).map((ref) => [ref, taskOf(ref, `Zugvogel ${ref.slice(1)} basteln`)])),
    people: new Map(refs(/"p\d+"/g).map((ref) => [ref, personOf(ref, `Quirin Nr-${ref.slice(1)}`)])),
    facts: made,
    totals: { ...NONE, ...totals },
    watermark: UNTIL,
    ...{ unreadable: 0, claimed: 0, cut: false },
    ...over,
  }
}

const NONE = {
  ...{ blocked: 0, stuck: 0, done: 0, deleted: 0, reopened: 0, priority: 0, created: 0, moved: 0, time: 0, working: 0 },
}

const at = (hours: number) => FROM + hours * HOUR

/** One of everything, and two of what is told together. */
export const aDay: readonly Sketch[] = [
  { kind: 'blocked', task: 't1', because: 'status', word: 'on hold', forMs: 5 * HOUR + 20 * 60_000 },
  { kind: 'blocked', task: 't2', because: 'tag', word: 'needs vendor', forMs: null },
  { kind: 'stuck', task: 't3', status: 'in review', forMs: 4 * DAY_MS, p85Ms: 2.5 * DAY_MS },
  { kind: 'done', task: 't4', at: at(2), by: 'p1', status: 'live' },
  { kind: 'done', task: 't5', at: at(3), by: 'p1', status: 'live' },
  { kind: 'done', task: 't6', at: at(4), by: null, status: 'live' },
  { kind: 'deleted', task: 't7', at: at(5), by: 'p2' },
  { kind: 'reopened', task: 't8', at: at(6), by: 'p3', from: 'live', to: 'in progress' },
  { kind: 'priority', task: 't1', at: at(7), by: 'p2', from: 'normal', to: 'urgent' },
  { kind: 'priority', task: 't9', at: at(7), by: 'p2', from: 'high', to: 'low' },
  { kind: 'priority', task: 't10', at: at(7), by: null, from: null, to: 'high' },
  { kind: 'created', task: 't11', at: at(8), by: 'p3', status: 'to do' },
  { kind: 'moved', task: 't12', at: at(9), by: 'p1', from: 'to do', to: 'in progress' },
  { kind: 'time', person: 'p1', ms: 3 * HOUR + 15 * 60_000, tasks: ['t4', 't5'] },
  { kind: 'working', person: 'p2', tasks: ['t12', 't13'], more: 3 },
]
