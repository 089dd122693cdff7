import { observationOf, type TaskAnswer } from '../clickup/task.ts'
import { jsonSchema } from '../platform/json.ts'
import { taskFound } from '../process/found/found-task.ts'
import { isInSelection } from '../process/selection.ts'
import { isSame } from '../tasks/differences.ts'
import { observe } from '../tasks/observe.ts'
import type { Observation, Seen, Snapshot } from '../tasks/snapshot.ts'
import type { StoredTask } from '../tasks/store.ts'
import type { SyncServices } from './services.ts'
import { openOf } from './suspects.ts'

/** What of listed tasks the consumer has to hear of. */
export type News = {
  tasks: Seen[]
  /** Those that show something that is too young to be a change. */
  suspects: string[]
}

export type Horizon = {
  origin: 'sweep' | 'backfill'
  /** Everything before this was accounted for when it began. */
  since: number
  /** What happened later is left to its delivery. */
  until: number
  observedAt: number
  /** Whether the consumer is to hear of every task. */
  publish: boolean
}

/**
 * Compares listed tasks with what is stored of them, and keeps those of which the consumer does not know all. In a healthy
 * system that is next to none.
 */
export async function newsOf(tasks: readonly TaskAnswer[], horizon: Horizon, services: SyncServices): Promise<News> {
  const { connection } = services
  const stored = await services.tasks.load(
    connection.name,
    tasks.map(({ id }) => id),
  )
  const record = await services.record()
  const news: News = { tasks: [], suspects: [] }
  for (const answer of tasks) {
    const seen = observationOf(answer, horizon.observedAt, connection.storeEmails)
    if (seen.kind !== 'seen') continue
    const { snapshot = null, known = null, fault = null } = stored.get(answer.id) ?? {}
    // Whoever reads what is none of ours says so; here one item is no reason to lose the page.
    if (fault) {
      services.log.warn('What is stored of a task is in a form that is not ours', { task: answer.id })
      continue
    }
    const task = observe(snapshot, seen) ?? snapshot
    if (task === null) continue
    // One that has left what was chosen is heard of once more: that is how anybody learns that it has.
    const hasMoved = snapshot !== null && snapshot.list?.id !== task.list?.id
    if (!hasMoved && !isInSelection(task, connection.filter, record)) continue
    const { isNews, isSuspect } = judge(task, seen, { snapshot, known, fault }, horizon, services)
    if (isNews || horizon.publish) news.tasks.push({ id: seen.id, archived: seen.archived, fields: seen.fields })
    if (isSuspect) news.suspects.push(task.id)
  }
  return news
}

function judge(
  task: Snapshot,
  seen: Observation & { kind: 'seen' },
  { snapshot, known }: StoredTask,
  horizon: Horizon,
  { connection }: SyncServices,
) {
  const { next, changes } = taskFound(task, known, { connection, found: horizon })
  const isUnborn = known === null && next === null
  // Nothing new to write down is no sign of peace: what was suspect before may still be.
  // Nor what is on its way: behind it there may be more.
  const isSuspect = isUnborn || openOf(next ?? known).length > 0 || (known?.outbox.length ?? 0) > 0
  const isNews = snapshot === null || isOtherwise(snapshot, seen) || next !== null || changes.length > 0
  return { isNews, isSuspect }
}

/** Whether an answer says anything that the snapshot does not. */
function isOtherwise(snapshot: Snapshot, { archived, fields }: Observation & { kind: 'seen' }): boolean {
  if (snapshot.state !== (archived ? 'archived' : 'present')) return true
  const stored = new Map<string, unknown>(Object.entries(snapshot))
  const json = (value: unknown) => jsonSchema.parse(value ?? null)
  return Object.entries(fields).some(([key, value]) => !isSame(json(value), json(stored.get(key))))
}
