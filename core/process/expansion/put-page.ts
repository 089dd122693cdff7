import { observationOf, type TaskAnswer } from '../../clickup/task.ts'
import type { UpdatedPage } from '../../clickup/updated-tasks.ts'
import { fewAtOnce } from '../../platform/few-at-once.ts'
import type { Observation, Snapshot } from '../../tasks/snapshot.ts'
import { type Debt, payOwed } from '../owed/pay.ts'
import type { Services } from '../services.ts'
import { failed } from '../work.ts'

/**
 * Puts everything that a page brings, so that the changes of others find it, and pays what is owed of it. What is no news is
 * put only if it is wanted or owed: it may be late enough for a change that did not move `date_updated`.
 *
 * @returns how many of its tasks were news
 */
export async function putPage(
  { tasks, observedAt }: UpdatedPage,
  { wanted, found }: { wanted: ReadonlySet<string>; found: Map<string, Snapshot> },
  services: Services,
): Promise<number> {
  const { connection, tasks: store, log } = services
  const stored = await store.load(
    connection.name,
    tasks.map(({ id }) => id),
  )
  const debts: Debt[] = []
  const puts = await fewAtOnce(tasks, async (task) => {
    const { snapshot = null, known = null, fault = null } = stored.get(task.id) ?? {}
    const isWanted = wanted.has(task.id)
    try {
      if (fault) throw fault
      const seen = observationOf(task, observedAt, connection.storeEmails)
      const isOwed = known !== null && known.owedSince > 0
      if (!isWanted && !isOwed && !isNews(task, seen, snapshot)) return false
      const put = await store.record(connection.name, seen, snapshot)
      if (isWanted) found.set(task.id, put)
      if (isOwed) debts.push({ task: put, owedSince: known.owedSince })
      return true
    } catch (error) {
      // One task is no reason to lose the page: its own changes will say what is wrong with it.
      log.warn('A listed task could not be put', { task: task.id, outcome: failed(error) })
      return false
    }
  })
  await payOwed(debts, services)
  return puts.filter(Boolean).length
}

const isNews = ({ date_updated: at }: TaskAnswer, seen: Observation, before: Snapshot | null): boolean =>
  before === null || (at ?? 0) > (before.updatedAt ?? 0) || (seen.kind === 'seen' && before.state !== stateOf(seen))

const stateOf = ({ archived }: Observation & { kind: 'seen' }) => (archived ? 'archived' : 'present')
