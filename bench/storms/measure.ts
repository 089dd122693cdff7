import { expectedOf } from '../../local/start/expected.ts'
import type { ClickUpCall } from '../../local/virtual/clickup.ts'
import type { Run } from '../../local/virtual/run.ts'

/** Changes of tasks that were delivered, and how many of them were never published. */
export function lostOf({ clickup, published }: Run): { changes: number; lost: number } {
  const out = new Set(published.map(({ changeId }) => changeId))
  const { ids, merged } = expectedOf(clickup.log.changes().filter(({ resource }) => resource.kind === 'task'))
  return { changes: ids.size, lost: merged.length + [...ids.keys()].filter((id) => !out.has(id)).length }
}

/** Milliseconds from each change to its first event, shortest first. What was never published is not in it. */
export function latenessOf({ clickup, published }: Run): number[] {
  const first = new Map<string, number>()
  for (const { changeId, at } of published) if (!first.has(changeId)) first.set(changeId, at)
  const { ids } = expectedOf(clickup.log.changes().filter(({ resource }) => resource.kind === 'task'))
  return [...ids]
    .flatMap(([id, { date }]) => {
      const at = first.get(id)
      return at === undefined ? [] : [at - date]
    })
    .sort((a, b) => a - b)
}

/** The value below which a share of the sorted values lies; 0 for none. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Changes that went out without their task and that no `Task Expanded` followed, of tasks that are still there. */
export function unexpandedOf({ clickup, published }: Run): number {
  const expandedAt = new Map<string, number>()
  for (const { detailType, taskId, at } of published) {
    if (detailType === 'Task Expanded' && taskId !== null) expandedAt.set(taskId, at)
  }
  return published.filter(
    ({ degraded, taskId, at }) =>
      degraded && taskId !== null && clickup.world.task(taskId) !== undefined && (expandedAt.get(taskId) ?? 0) < at,
  ).length
}

/** Calls that began in a span of time. */
export const callsBetween = ({ clickup }: Run, from: number, to: number): ClickUpCall[] =>
  clickup.calls.filter(({ begunAt }) => begunAt >= from && begunAt < to)

/** Most calls that began within any `ms`. */
export function mostCallsWithin(calls: readonly ClickUpCall[], ms: number): number {
  let [first, most] = [0, 0]
  for (const [last, { begunAt }] of calls.entries()) {
    while ((calls[first]?.begunAt ?? begunAt) <= begunAt - ms) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

export const isRefused = ({ status }: ClickUpCall): boolean => status === 429

/** Calls by the window of the rate limit that they fell in, in the windows' order. */
export function windowsOf({ clickup }: Run): ClickUpCall[][] {
  const counted = clickup.calls.filter(({ window }) => window !== null)
  return [...Map.groupBy(counted, ({ window }) => window ?? 0)].sort(([a], [b]) => a - b).map(([, calls]) => calls)
}
