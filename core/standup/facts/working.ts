import type { Draft } from './draft.ts'
import type { Persons } from './persons.ts'
import type { ScopeTask } from './scope-tasks.ts'

/** More of a person's tasks are a number. */
const MOST_TASKS = 5
/** Behind ClickUp's own, which are 1 (urgent) to 4 (low). */
const NO_PRIORITY = 5

/** Who is on what: the tasks in work by the people that they are assigned to, the most urgent first. */
export function workingOf(inWork: readonly ScopeTask[], persons: Persons): Draft[] {
  const byPerson = new Map<string, Map<string, ScopeTask>>()
  for (const task of inWork) {
    for (const person of task.assignees) {
      const key = persons.keyOf(person) ?? person.id
      const tasks = byPerson.get(key) ?? new Map<string, ScopeTask>()
      byPerson.set(key, tasks.set(task.id, task))
    }
  }
  return [...byPerson].map(([person, tasks]) => {
    const sorted = [...tasks.values()].sort((a, b) => urgency(a) - urgency(b) || (a.id < b.id ? -1 : 1))
    return {
      ...{ kind: 'working', person, taskId: null, changeIds: [], order: 0 },
      tasks: sorted.slice(0, MOST_TASKS).map(({ id }) => id),
      more: Math.max(0, sorted.length - MOST_TASKS),
    }
  })
}

const urgency = ({ priority }: ScopeTask): number => Number(priority?.id) || NO_PRIORITY
