import type { TruthChange } from '../clickup/truth.ts'
import type { Task } from '../clickup/world/types.ts'
import type { World } from '../clickup/world/world.ts'
import { longestUsual } from './usual.ts'
import { workingBetween } from './working-time.ts'

/** What can be said of a task, and is true. */
export type TruthKind =
  | 'blocked'
  | 'stuck'
  | 'done'
  | 'deleted'
  | 'reopened'
  | 'priority'
  | 'created'
  | 'moved'
  | 'time'
  | 'working'

/** A task as it was on that day, from what the fake ClickUp holds and not from what it told. */
export type TaskTruth = {
  id: string
  name: string
  list: string
  kinds: ReadonlySet<TruthKind>
  /** Names of all statuses, tags and priorities that it had on that day. */
  words: ReadonlySet<string>
  /** Names of who did something to it, was assigned to it or wrote down time for it. */
  people: ReadonlySet<string>
  /** Who was the last to do what is true of it, where somebody did. */
  doers: ReadonlyMap<TruthKind, string>
  /** Spans of time that can be said of it (ms). */
  spans: readonly number[]
  /** When something happened to it, ms since 1970. */
  moments: readonly number[]
}

const PRIORITY = [null, 'urgent', 'high', 'normal', 'low'] as const
const BLOCKED = 'blocked'

export const nameOf = (world: World, userId: number): string => world.store.users.get(userId)?.username ?? ''
const priorityIn = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'priority' in value && typeof value.priority === 'string'
    ? value.priority
    : null

const typeIn = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    ? value.type
    : undefined

/** What is true of a task. @param changes those of the day */
export function truthOf(
  world: World,
  task: Task,
  changes: readonly TruthChange[],
  { from, until, heardFrom }: { from: number; until: number; heardFrom: number },
): TaskTruth {
  const isNew = task.createdAt >= from && task.createdAt < until
  const list = world.store.lists.get(task.listId)
  const statuses = list === undefined ? [] : world.statusesOf(list)
  const of = (statusId: string) => statuses.find(({ id }) => id === statusId)
  const stays = (world.store.stays.get(task.id) ?? []).filter((stay) => (stay.until ?? until) > heardFrom)
  const first = of(stays[0]?.statusId ?? '')
  const isDone = (type: string | undefined) => type === 'done' || type === 'closed'
  const [wasDone, done] = [!isNew && isDone(first?.type), isDone(task.status.type)]
  const priorities = changes.filter(({ field }) => field === 'priority')
  const [before, after] = [priorityIn(priorities[0]?.before), priorityIn(priorities.at(-1)?.after)]
  const since = world.store.stays.get(task.id)?.at(-1)?.since ?? task.createdAt
  const inStatus = workingBetween(since, until)
  const usual = longestUsual(world, task.listId, task.status.id, until)
  const entries = world.entriesOf(task.id).filter(({ end }) => end !== null && end >= from && end < until)

  const isBlocked = !done && (task.status.status === BLOCKED || task.tags.some(({ name }) => name === BLOCKED))
  const kinds = new Set<TruthKind>()
  const note = (kind: TruthKind, is: boolean) => is && kinds.add(kind)
  const isLiving = !task.deleted && !task.archived
  note('deleted', task.deleted)
  note('blocked', isLiving && isBlocked)
  note('stuck', isLiving && task.status.type === 'custom' && usual !== null && inStatus > usual.least)
  note('done', isLiving && done && !wasDone && stays.length > 1)
  note('reopened', isLiving && !done && wasDone)
  note('priority', isLiving && before !== after)
  note('created', isLiving && isNew)
  note('moved', isLiving && !done && !isNew && first?.id !== task.status.id)
  note('time', entries.length > 0)
  note('working', isLiving && task.status.type === 'custom' && task.assigneeIds.length > 0)
  const doersOf = (its: readonly TruthChange[], field: string | null, all: readonly TruthKind[]) => {
    const last = its.findLast((change) => change.field === field)
    return last === undefined ? [] : all.map((kind) => [kind, nameOf(world, last.actor)] as const)
  }
  const isEnding = ({ before, after }: TruthChange) => isDone(typeIn(after)) && !isDone(typeIn(before))
  const whenTagged = changes.findLast(({ field }) => field === 'tag')?.date
  return {
    ...{ id: task.id, name: task.name, list: list?.name ?? '', kinds },
    words: new Set([
      ...stays.flatMap(({ statusId }) => of(statusId)?.status ?? []),
      task.status.status,
      ...[
        PRIORITY[task.priority ?? 0],
        ...priorities.flatMap((c) => [priorityIn(c.before), priorityIn(c.after)]),
      ].flatMap((name) => name ?? []),
      ...task.tags.map(({ name }) => name),
    ]),
    people: new Set(
      [...changes.map(({ actor }) => actor), ...task.assigneeIds, ...entries.map(({ userId }) => userId)].map((id) =>
        nameOf(world, id),
      ),
    ),
    doers: new Map<TruthKind, string>([
      ['created', nameOf(world, task.creatorId)],
      ...doersOf(changes, 'status', ['done', 'reopened', 'moved']),
      // Whoever finished it, and not who closed it after that.
      ...doersOf(changes.filter(isEnding), 'status', ['done']),
      ...doersOf(changes, 'priority', ['priority']),
      ...doersOf(changes, null, ['deleted']),
    ]),
    spans: [
      ...[inStatus, until - since],
      ...(whenTagged === undefined ? [] : [until - whenTagged, workingBetween(whenTagged, until)]),
      ...(usual === null ? [] : usual.all),
      ...entries.map(({ start, end }) => (end ?? start) - start),
    ],
    moments: [...changes.map(({ date }) => date), since, task.createdAt],
  }
}
