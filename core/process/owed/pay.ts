import { ownChange } from '../../clickup/changes.ts'
import { eventOf } from '../../publish/event.ts'
import { begunWith } from '../../tasks/known.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import { revise } from '../account.ts'
import type { Services } from '../services.ts'

/** A task that has been read at last, and since when that was owed. */
export type Debt = { task: Snapshot; owedSince: number }

/**
 * Publishes `Task Expanded` for tasks of which a change was published without them. The bus has it before the debt is
 * forgotten, so a crash repeats it with the same id.
 */
export async function payOwed(debts: readonly Debt[], services: Services): Promise<void> {
  if (debts.length === 0) return
  const { connection, clock, known, log } = services
  const selfId = (await services.record())?.userId ?? null
  const publishedAt = clock.now()
  const events = debts.map(({ task, owedSince }) => {
    const change = ownChange({
      connection,
      resource: { kind: 'task', id: task.id },
      field: 'expansion',
      origin: `owed since ${owedSince}`,
      version: 0,
      at: task.observedAt,
      receivedAt: owedSince,
    })
    return eventOf({ ...change, atEarliest: owedSince }, { task, selfId, publishedAt })
  })
  const refused = await services.publish(events)
  await Promise.all(
    debts.map(async ({ task, owedSince }, i) => {
      if (refused[i] !== null) {
        log.warn('An owed expansion could not be published', { task: task.id, reason: refused[i] ?? 'no answer' })
        return
      }
      const resource = { kind: 'task', id: task.id }
      await revise(resource, { connection, known }, undefined, (standing) =>
        standing?.owedSince === owedSince
          ? { ...begunWith(standing, task), version: standing.version + 1, owedSince: 0 }
          : null,
      )
      await services.owed.remove(connection.name, { id: task.id, since: owedSince })
    }),
  )
}
