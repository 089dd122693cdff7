import { FACT_KINDS, type Fact, type Material, type PersonOf, type TaskOf } from '../material.ts'
import type { Draft } from './draft.ts'
import { nameText } from './name-text.ts'
import type { Persons } from './persons.ts'
import type { ScopeTask } from './scope-tasks.ts'

/** What a draft says of a task when it is named. */
export type TaskLookup = (id: string) => { task: ScopeTask; status: string | null }

/** As they are told: by kind, within a kind by time, and then by task or person. The same for the same facts. */
export function inOrder(drafts: readonly Draft[]): Draft[] {
  const rank = new Map(FACT_KINDS.map((kind, i) => [kind, i]))
  const subject = (draft: Draft) => draft.taskId ?? ('person' in draft ? draft.person : '')
  return drafts.toSorted(
    (a, b) =>
      (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) ||
      a.order - b.order ||
      (subject(a) < subject(b) ? -1 : subject(a) > subject(b) ? 1 : 0),
  )
}

/** Statuses, priorities and tags are names that people have made, too. */
const inLine = (word: string) => nameText(word, '?')
const orNone = (word: string | null) => (word === null ? null : inLine(word))

/** Gives facts, tasks and people their refs, by first appearance. */
export function withRefs(
  drafts: readonly Draft[],
  taskOf: TaskLookup,
  persons: Persons,
): Pick<Material, 'facts' | 'tasks' | 'people'> {
  const tasks = new Map<string, TaskOf>()
  const people = new Map<string, PersonOf>()
  const refOfTask = (id: string): string => {
    const known = tasks.get(id)
    if (known !== undefined) return known.ref
    const { task, status } = taskOf(id)
    const list = task.list && { id: task.list.id, name: task.list.name && nameText(task.list.name, task.list.id) }
    const ref = `t${tasks.size + 1}`
    tasks.set(id, { ref, id, name: nameText(task.name, id), list, status: orNone(status), url: task.url })
    return ref
  }
  const refOfPerson = (key: string): string => {
    const known = people.get(key)
    if (known !== undefined) return known.ref
    const ref = `p${people.size + 1}`
    people.set(key, { ref, ...persons.of(key) })
    return ref
  }
  const by = (draft: { by: string | null }) => ({ by: draft.by === null ? null : refOfPerson(draft.by) })
  function factOf({ taskId, changeIds, order: _order, ...detail }: Draft, index: number): Fact {
    const common = { id: `f${index + 1}`, task: taskId === null ? null : refOfTask(taskId), changeIds }
    switch (detail.kind) {
      case 'time':
      case 'working':
        return { ...common, ...detail, person: refOfPerson(detail.person), tasks: detail.tasks.map(refOfTask) }
      case 'blocked':
        return { ...common, ...detail, word: inLine(detail.word) }
      case 'stuck':
        return { ...common, ...detail, status: inLine(detail.status) }
      case 'deleted':
        return { ...common, ...detail, ...by(detail) }
      case 'done':
        return { ...common, ...detail, ...by(detail), status: inLine(detail.status) }
      case 'created':
        return { ...common, ...detail, ...by(detail), status: orNone(detail.status) }
      case 'reopened':
        return { ...common, ...detail, ...by(detail), from: inLine(detail.from), to: inLine(detail.to) }
      case 'moved':
        return { ...common, ...detail, ...by(detail), from: orNone(detail.from), to: inLine(detail.to) }
      case 'priority':
        return { ...common, ...detail, ...by(detail), from: orNone(detail.from), to: orNone(detail.to) }
    }
  }
  const facts = drafts.map(factOf)
  const byRef = <Of extends { ref: string }>(all: Map<string, Of>) =>
    new Map([...all.values()].map((each) => [each.ref, each]))
  return { facts, tasks: byRef(tasks), people: byRef(people) }
}
