import { expectedOf } from '../../local/start/expected.ts'
import type { ClickUpCall } from '../../local/virtual/clickup.ts'
import type { Run } from '../../local/virtual/run.ts'
import { differencesOf } from '../../local/virtual/truth.ts'
import { DAY } from './weather.ts'

/** Of these tasks, how many are not as ClickUp has them, and of how many nothing is accounted. */
export function backfilledWrongly(run: Run, taskIds: readonly string[]): { snapshots: number; baselines: number } {
  const wrong = { snapshots: 0, baselines: 0 }
  for (const id of taskIds) {
    if (differencesOf(run.clickup, run.snapshot(id), id).length > 0) wrong.snapshots += 1
    if (run.known(id)?.begun !== true) wrong.baselines += 1
  }
  return wrong
}

/** Events that are of no change that ClickUp told. */
export function strangersAmong({ clickup, published }: Run): number {
  const { ids } = expectedOf(clickup.log.changes())
  return published.filter(({ changeId, taskId, detailType }) => {
    return taskId !== null && detailType !== 'Task Expanded' && !ids.has(changeId)
  }).length
}

/** Pages of tasks from before the run began: a sweep lists none. */
const isOfHistory = ({ by, kind, path }: ClickUpCall, startedAt: number) =>
  by.startsWith('sync') && kind === 'page' && Number(/date_updated_gt=(\d+)/.exec(path)?.[1]) < startedAt - DAY

/** Requests for a page of the history that was asked for before in the very same words. */
export function repeatedPages({ clickup, startedAt }: Run): number {
  const pages = clickup.calls.filter((call) => isOfHistory(call, startedAt))
  return pages.length - new Set(pages.map(({ path }) => path)).size
}
