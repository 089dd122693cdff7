import type { World } from '../clickup/world/world.ts'
import { workingBetween } from './working-time.ts'

const RECENT_MS = 90 * 86_400_000
const FEWEST = 5

/**
 * How long tasks of a list usually stay in a status: of those finished in the last 90 days, the working time that 85 of a hundred did not
 * exceed. Whether those count that never were in the status is a matter of taste: `all` has both answers, `least` the smaller.
 */
export function longestUsual(
  world: World,
  listId: string,
  statusId: string,
  now: number,
): { least: number; all: readonly number[] } | null {
  const spent: number[] = []
  for (const id of world.store.tasks.everIn(listId)) {
    const task = world.task(id)
    if (task === undefined || task.listId !== listId) continue
    const isDone = task.status.type === 'done' || task.status.type === 'closed'
    if (!isDone || (task.doneAt ?? task.closedAt ?? 0) < now - RECENT_MS) continue
    const stays = (world.store.stays.get(id) ?? []).filter((stay) => stay.statusId === statusId)
    spent.push(stays.reduce((sum, { since, until }) => sum + workingBetween(since, until ?? now), 0))
  }
  const answers = [spent, spent.filter((ms) => ms > 0)].flatMap((values) => {
    const at = values.toSorted((a, b) => a - b)[Math.ceil(0.85 * values.length) - 1]
    return values.length < FEWEST || at === undefined ? [] : [at]
  })
  return answers.length === 0 ? null : { least: Math.min(...answers), all: answers }
}
