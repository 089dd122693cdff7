import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createPeople } from '../../report/people.ts'
import { createCalendar } from '../../report/working-time.ts'
import { createPhases } from '../../tasks/cycle/phases.ts'
import { entriesFrom } from '../../tasks/read-worklog.ts'
import type { FactKind, Material, Scope, Span } from '../material.ts'
import type { StandupSettings } from '../settings.ts'
import { createBlockers } from './blocked.ts'
import { capped } from './cap.ts'
import { changedTasks } from './changed-tasks.ts'
import type { Draft } from './draft.ts'
import { createHistories } from './histories.ts'
import { createPersons } from './persons.ts'
import { type ReadTasks, readTasks } from './read-tasks.ts'
import { inOrder, type TaskLookup, withRefs } from './refs.ts'
import { aboutOf, scopeTest } from './scope.ts'
import { readScopeTasks, type ScopeTask } from './scope-tasks.ts'
import { stuckOf } from './stuck.ts'
import { readSurroundings } from './surroundings.ts'
import { LONGEST_MS, timeOf } from './time.ts'
import { workingOf } from './working.ts'

export type FactSources = {
  dynamo: DynamoDBDocumentClient
  tables: { ledger: string; tasks: string; state: string }
  settings: Pick<StandupSettings, 'blockers' | 'reports' | 'maxInputTokens'>
  /** Told now and then how far it is. */
  progress?(line: string): void
}

type Question = { scope: Scope; span: Span; now: number }

/**
 * Puts together what a summary is made of: what was published in the span, what stands, and who is on what. From the ledger, the
 * snapshots and the worklog; ClickUp is not asked. What cannot be read is counted and done without.
 *
 * @param question.now ms since 1970: where the span ends later, spans of time are told for now
 */
export async function gatherMaterial(sources: FactSources, { scope, span, now }: Question): Promise<Material> {
  const { dynamo, tables, settings } = sources
  const { connection } = scope
  const tableOf = (name: keyof FactSources['tables']) => ({ dynamo, table: tables[name] })
  const around = await readSurroundings(tableOf('state'), connection)
  const test = scopeTest(scope, around.hierarchy)
  const [changed, found, entries] = await Promise.all([
    changedTasks(tableOf('ledger'), connection, span),
    readScopeTasks(tableOf('tasks'), scope, { test, hierarchy: around.hierarchy }),
    entriesFrom(tableOf('tasks'), { connection, from: span.from - LONGEST_MS, until: span.until }),
  ])
  sources.progress?.(`Read ${found.tasks.size} tasks; ${changed.since.size} have changed.`)
  const persons = createPersons(createPeople(around.members, settings.reports.people))
  const { working, dayMs } = createCalendar(settings.reports)
  const asOf = Math.min(span.until, now)
  const phases = createPhases(settings.reports.statuses)
  const histories = createHistories(tableOf('ledger'), connection, sources.progress ?? (() => undefined))
  const read = await readTasks(found, changed, {
    ...{ tasks: tableOf('tasks'), connection, histories, phases, working, asOf, test, span },
    context: { phases, persons, blockerOf: createBlockers(settings.blockers), working, asOf },
  })
  const told = new Map(read.told.map((each) => [each.task.id, each]))
  const isHere = (id: string) => {
    const state = told.get(id)?.task.state
    return state !== undefined && state !== 'outOfSight' && !read.isElsewhere.has(id)
  }
  const drafts = inOrder([
    ...read.told.flatMap(({ facts }) => facts.drafts),
    ...read.told
      .flatMap(({ facts }) => facts.mayBeStuck ?? [])
      .flatMap((task) => stuckOf(task, { usual: read.usual, working, asOf }) ?? []),
    ...timeOf(entries, span, isHere, persons),
    ...workingOf(
      read.told.filter(({ facts }) => facts.isActive).map(({ task }) => task),
      persons,
    ),
  ])
  const notes = histories.notes()
  const taskOf = lookup(told)
  const about = aboutOf(scope, around, namesIn(found.tasks.values()))
  return capped({ drafts, taskOf, maxTokens: settings.maxInputTokens }, (some) => ({
    ...{ scope, span, about, workingDayMs: dayMs },
    ...withRefs(some, taskOf, persons),
    totals: totalsOf(drafts),
    watermark: around.watermark,
    unreadable: around.unreadable + found.unreadable + read.unreadable + notes.unreadable,
    claimed: notes.claimed,
    cut: changed.cut || found.cut || notes.cut,
  }))
}

const lookup =
  (told: ReadonlyMap<string, ReadTasks['told'][number]>): TaskLookup =>
  (id) => {
    const each = told.get(id)
    if (each === undefined) throw new Error(`A fact names the task ${id}, which was not read`)
    return { task: each.task, status: each.facts.status }
  }

function totalsOf(drafts: readonly Draft[]): Record<FactKind, number> {
  const counts = new Map<FactKind, number>()
  for (const { kind } of drafts) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const of = (kind: FactKind) => counts.get(kind) ?? 0
  return {
    ...{ blocked: of('blocked'), stuck: of('stuck'), done: of('done'), deleted: of('deleted') },
    ...{ reopened: of('reopened'), priority: of('priority'), created: of('created'), moved: of('moved') },
    ...{ time: of('time'), working: of('working') },
  }
}

/** What the tasks call the places that they are in. */
function namesIn(tasks: Iterable<ScopeTask>): Map<string, string> {
  const names = new Map<string, string>()
  for (const { list, space, locations } of tasks) {
    for (const place of [list, space, ...locations]) if (place?.name) names.set(place.id, place.name)
  }
  return names
}
