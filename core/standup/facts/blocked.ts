import type { Recorded } from '../../ledger/history.ts'
import type { StatusTimes } from '../../tasks/status-times.ts'
import type { StandupSettings } from '../settings.ts'
import type { Draft } from './draft.ts'
import { enteredStatus, enteredTag } from './entered.ts'
import type { ScopeTask } from './scope-tasks.ts'

/** What says that somebody waits. */
export type Blocker = { because: 'status' | 'tag'; word: string }

/** Finds it by the names of the settings, in any case: the status first, then the tag that the settings name first. */
export function createBlockers({ statuses, tags }: StandupSettings['blockers']) {
  const [ofStatus, ofTag] = [new Set(statuses.map(lower)), tags.map(lower)]
  return ({ tags: worn }: Pick<ScopeTask, 'tags'>, status: string | null): Blocker | null => {
    if (status !== null && ofStatus.has(lower(status))) return { because: 'status', word: status }
    // Sorted, because ClickUp answers the tags of a task in any order.
    const found = ofTag.flatMap((tag) => worn.filter((each) => lower(each) === tag).sort())[0]
    return found === undefined ? null : { because: 'tag', word: found }
  }
}

const lower = (text: string) => text.trim().toLowerCase()

type Sources = {
  /** All changes of the task, in the order in which they happened. */
  history: readonly Recorded[]
  times: StatusTimes | null
  /** Working time from one moment to another, ms. */
  working(from: number, to: number): number
  asOf: number
}

export function blockedOf(task: ScopeTask, blocker: Blocker, { working, asOf, ...sources }: Sources): Draft {
  const { because, word } = blocker
  const since = because === 'status' ? enteredStatus(task, word, sources) : enteredTag(word, sources.history)
  return {
    ...{ kind: 'blocked', because, word },
    forMs: since === null ? null : working(since.at, asOf),
    taskId: task.id,
    changeIds: since?.changeIds ?? [],
    // Who waits for longest comes first, and last of whom nobody knows.
    order: since?.at ?? Number.MAX_SAFE_INTEGER,
  }
}
