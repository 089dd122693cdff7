import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { type Json, jsonSchema } from '../../core/platform/json.ts'
import { isSame } from '../../core/tasks/differences.ts'
import { factsOfSnapshot } from '../../core/tasks/facts.ts'
import { observe } from '../../core/tasks/observe.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import type { TruthChange } from '../clickup/truth.ts'
import { keysOf } from './keys.ts'

/** The value that a field had from a time on (ms since 1970). */
export type Moment = {
  at: number
  value: Json
  /** What ClickUp had to tell of it; `null` for what no event tells, and for how it was before. */
  told: TruthChange | null
}

/** What is asked of a fake ClickUp, on the wire or in virtual time. */
export type Watched = Pick<FakeClickUp, 'world' | 'log' | 'taskAnswer'>

export type Witness = {
  /** Looks at what the last act has changed. To be called after each. */
  look(): void
  /** Of `task#id`, `list#id`, `folder#id` or `space#id`: by key of `factsOf`, the earliest first. */
  momentsOf(resource: string): ReadonlyMap<string, readonly Moment[]>
  /** When it was first seen, if not at the beginning. */
  bornAt(resource: string): number | undefined
  resources(): string[]
}

/** What a single read that does not lag shows of a task now. */
export function snapshotNow(clickup: Watched, taskId: string): Snapshot | null {
  const answer = taskAnswerSchema.safeParse(clickup.taskAnswer(taskId))
  return answer.success ? observe(null, observationOf(answer.data, clickup.world.now(), false)) : null
}

/**
 * Writes down how every field of every task and place really was, act by act, from what the fake ClickUp holds and not
 * from what it tells.
 */
export function createWitness(clickup: Watched): Witness {
  const { world, log } = clickup
  const all = new Map<string, Map<string, Moment[]>>()
  const born = new Map<string, number>()
  let seen = 0

  function enter(resource: string, facts: ReadonlyMap<string, Json>, news: readonly TruthChange[], at: number) {
    const isNew = !all.has(resource)
    const moments = all.get(resource) ?? new Map<string, Moment[]>()
    all.set(resource, moments)
    if (isNew && at > 0) born.set(resource, at)
    for (const key of new Set([...facts.keys(), ...moments.keys()])) {
      const value = facts.get(key) ?? absentOf(key)
      const its = moments.get(key) ?? []
      moments.set(key, its)
      if (isSame(value, its.at(-1)?.value ?? absentOf(key))) continue
      // Of one act only the last value is seen.
      const told = news.findLast((change) => keysOf(change).includes(key)) ?? null
      its.push({ at: told?.date ?? at, value, told })
    }
  }

  function lookAtTask(id: string, news: readonly TruthChange[], at: number) {
    const task = snapshotNow(clickup, id)
    if (task !== null) enter(`task#${id}`, factsOfSnapshot(task), news, at)
  }

  function lookAtPlaces(at: number) {
    const { store } = world
    const places = [
      ...[...store.spaces.values()].map((place) => ['space', place] as const),
      ...[...store.folders.values()].filter(({ hidden }) => !hidden).map((place) => ['folder', place] as const),
      ...[...store.lists.values()].map((place) => ['list', place] as const),
    ]
    for (const [kind, { id, name, archived }] of places) {
      const facts = new Map<string, Json>([
        ['name', name],
        ['archived', archived],
      ])
      enter(`${kind}#${id}`, facts, [], at)
    }
  }

  for (const { id } of world.tasks()) lookAtTask(id, [], 0)
  lookAtPlaces(0)
  seen = log.changes().length

  return {
    look() {
      const news = log.changes().slice(seen)
      seen += news.length
      const at = Math.max(0, ...news.map(({ date }) => date)) || world.now()
      const touched = new Set(news.flatMap(({ resource }) => (resource.kind === 'task' ? [resource.id] : [])))
      for (const id of [...touched]) for (const subtask of world.store.tasks.subtaskIds(id)) touched.add(subtask)
      for (const id of touched) {
        const own = news.filter(({ resource }) => resource.kind === 'task' && resource.id === id)
        lookAtTask(id, own, at)
      }
      if (news.some(({ resource }) => resource.kind !== 'task')) lookAtPlaces(at)
    },
    momentsOf: (resource) => all.get(resource) ?? new Map(),
    bornAt: (resource) => born.get(resource),
    resources: () => [...all.keys()],
  }
}

/** What a field is of which nothing is shown. */
export const absentOf = (key: string): Json => (/^(assignee|tag)#/.test(key) ? false : null)

/** The value at a time; `undefined` before it was first seen. */
export const valueAt = (moments: readonly Moment[], at: number): Json | undefined =>
  moments.findLast((moment) => moment.at <= at)?.value

export const asJson = (value: unknown): Json => jsonSchema.parse(value ?? null)
