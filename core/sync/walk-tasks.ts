import type { TaskAnswer } from '../clickup/task.ts'
import { updatedTasks } from '../clickup/updated-tasks.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'
import type { Stretch } from './stretch.ts'

export type TaskPage =
  | {
      kind: 'page'
      tasks: TaskAnswer[]
      observedAt: number
      /** What is still to be listed after it. */
      rest: Stretch[]
    }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }
  | { kind: 'refused'; reason: string }

/** Reads the next page of the first stretch. */
export async function nextPage(stretches: readonly Stretch[], services: SyncServices): Promise<TaskPage> {
  const { clickup, connection, metrics } = services
  const [stretch, ...others] = stretches
  const record = await services.record()
  if (stretch === undefined || record === null) return { kind: 'refused', reason: 'the connection was not made yet' }
  const { archived, ...span } = stretch
  const answer = await updatedTasks(clickup, {
    workspaceId: record.workspaceId,
    span,
    archived,
    reverse: false,
    spaceIds: spacesOf(connection.filter.spaces, record.selection),
    listIds: connection.filter.lists ?? [],
  })
  switch (answer.kind) {
    case 'ok': {
      const { tasks, broken, rest } = answer.value
      if (broken > 0) metrics.count('AnswersUnreadable', broken)
      const left = rest === null ? [] : [{ ...rest, archived }]
      return { kind: 'page', tasks, observedAt: answer.observedAt, rest: [...left, ...others] }
    }
    case 'gone':
    case 'noAccess':
      return { kind: 'refused', reason: 'the token does not see the workspace any more: run hookline connect' }
    case 'invalid':
      return { kind: 'refused', reason: `ClickUp did not list the tasks: ${answer.reason}` }
    default:
      return { kind: 'fault', fault: answer }
  }
}

/** Folders that were chosen beside spaces lie in others: then all is listed, and what nobody wants is left out. */
function spacesOf(
  filter: readonly string[] | undefined,
  selection: { spaces?: string[] | undefined; folders?: string[] | undefined } | undefined,
): readonly string[] {
  const chosen = selection?.folders === undefined ? selection?.spaces : undefined
  if (filter === undefined) return chosen ?? []
  return chosen === undefined ? filter : filter.filter((id) => chosen.includes(id))
}
