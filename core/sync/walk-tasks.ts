import type { TaskAnswer } from '../clickup/task.ts'
import { type UpdatedPage, updatedTasks } from '../clickup/updated-tasks.ts'
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
      /** Whether it is read a second time, for what may have slipped through. */
      isAgain: boolean
    }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }
  | { kind: 'refused'; reason: string }

/** Reads the next page of the first stretch. */
export async function nextPage(stretches: readonly Stretch[], services: SyncServices): Promise<TaskPage> {
  const { clickup, connection, metrics } = services
  const [stretch, ...others] = stretches
  const record = await services.record()
  if (stretch === undefined || record === null) return { kind: 'refused', reason: 'the connection was not made yet' }
  const { archived, since, until, page, isAgain } = stretch
  const answer = await updatedTasks(clickup, {
    workspaceId: record.workspaceId,
    span: { since, until, page },
    archived,
    reverse: false,
    spaceIds: spacesOf(connection.filter.spaces, record.selection),
    listIds: connection.filter.lists ?? [],
  })
  switch (answer.kind) {
    case 'ok': {
      const { broken } = answer.value
      const tasks = answer.value.tasks.filter(({ id }) => !stretch.edge.includes(id))
      if (broken > 0) metrics.count('AnswersUnreadable', broken)
      const rest = [...leftOf(stretch, answer.value), ...others]
      return { kind: 'page', tasks, observedAt: answer.observedAt, rest, isAgain }
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

/**
 * What is left of a stretch. Tasks of one timestamp that change while its pages are counted leave it, and what comes after them
 * moves up, maybe to a page that was read before. So its pages are read again, from the last to the first: whatever moves up
 * then comes to a page that is still to be read.
 */
function leftOf(stretch: Stretch, { tasks, rest, reached }: UpdatedPage): Stretch[] {
  const { archived, at, isAgain, page } = stretch
  if (isAgain) return page === 0 ? [] : [{ ...stretch, page: page - 1 }]
  const isCounting = rest !== null && rest.page > 0
  const edge = isCounting ? [] : tasks.filter((task) => task.date_updated === reached).map(({ id }) => id)
  const left = rest === null ? [] : [{ ...rest, archived, edge, at: isCounting ? reached : null, isAgain: false }]
  if (page === 0 || at === null || isCounting) return left
  return [{ since: at, until: at, page: page - 1, archived, edge: [], at, isAgain: true }, ...left]
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
