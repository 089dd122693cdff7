import type { Change } from '../../ledger/change.ts'
import type { Snapshot } from '../snapshot.ts'
import type { StatusTimes } from '../status-times.ts'
import { statusChangesOf } from './status-changes.ts'
import type { StatusInterval } from './status-interval.ts'
import { beforeTheLedger } from './status-totals.ts'

export type StatusSources = {
  task: Pick<Snapshot, 'id' | 'createdAt' | 'status' | 'observedAt'>
  /** The task's changes, of whatever fields. */
  changes: readonly Change[]
  /** ClickUp's totals of the time before the connection, where they were read. */
  times: StatusTimes | null
}

/**
 * The statuses of a task, from its making until now, without gaps: from the ledger where it has changes, before that from
 * ClickUp's totals, and where there is neither, from what the task shows.
 */
export function statusIntervals({ task, changes, times }: StatusSources): StatusInterval[] {
  const told = statusChangesOf(changes)
  const typeOf = typesOf(task, told, times)
  const make = (status: string, rest: Omit<StatusInterval, 'taskId' | 'status' | 'statusType'>): StatusInterval => ({
    taskId: task.id,
    status,
    statusType: typeOf(status),
    ...rest,
  })
  const first = told[0]
  const bornAt = task.createdAt ?? first?.earliest ?? times?.asOf ?? task.observedAt
  const intervals = beforeTheLedger({ bornAt, told, times, status: task.status?.name ?? null }).map(
    ({ status, ...rest }) => make(status, { actor: null, ...rest }),
  )
  for (const [i, { to, at, earliest, actor, swept, isBirth }] of told.entries()) {
    // What a sweep finds new was made when ClickUp says, and had this status by the time it was found.
    const from = isBirth ? Math.min(bornAt, at) : at
    intervals.push(
      make(to.name, {
        from,
        to: told[i + 1]?.at ?? null,
        actor,
        precision: swept ? 'interval' : 'exact',
        fromEarliest: swept ? Math.min(earliest, from) : from,
        fromLatest: at,
      }),
    )
  }
  return tiled(intervals)
}

/** Each ends where the next begins; what is empty is left out, and what follows itself is one. */
function tiled(intervals: readonly StatusInterval[]): StatusInterval[] {
  const result: StatusInterval[] = []
  for (const [i, interval] of intervals.entries()) {
    const next = intervals[i + 1]
    const to = next === undefined ? null : Math.max(next.from, interval.from)
    const last = result.at(-1)
    if (to === interval.from) continue
    if (last !== undefined && last.status === interval.status) result[result.length - 1] = { ...last, to }
    else result.push({ ...interval, from: last?.to ?? interval.from, to })
  }
  return result
}

/** A status's type by its name: the newest that was said of it. */
function typesOf(
  task: StatusSources['task'],
  told: ReturnType<typeof statusChangesOf>,
  times: StatusTimes | null,
): (name: string) => string | null {
  const types = new Map<string, string | null>()
  for (const { status, type } of times?.history ?? []) types.set(status, type)
  for (const { from, to } of told) for (const each of from === null ? [to] : [from, to]) types.set(each.name, each.type)
  if (task.status !== null) types.set(task.status.name, task.status.type)
  return (name) => types.get(name) ?? null
}
