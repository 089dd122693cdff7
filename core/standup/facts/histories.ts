import { type LedgerTable, type Recorded, resourceHistory } from '../../ledger/history.ts'
import { fewAtOnce } from '../../platform/few-at-once.ts'

/** Reads the histories of tasks, each at most so often as it is asked for, and says of all of them what could not be read. */
export type Histories = {
  /**
   * What `use` makes of each task's history, in the order of the tasks. Nothing else of a history is kept: a busy day of a large
   * workspace has more changes than a function has memory.
   */
  each<Task extends { id: string }, Result>(
    tasks: readonly Task[],
    since: (task: Task) => number | undefined,
    use: (task: Task, history: TaskHistory) => Result,
  ): Promise<Result[]>
  /** Takes a history's faults into account, once for each task. */
  count(taskId: string, history: TaskHistory): void
  notes(): { unreadable: number; claimed: number; cut: boolean }
}

export type TaskHistory = { changes: readonly Recorded[]; unreadable: number; claimed: number }

/** So many take seconds; of more, nobody reads a summary. */
const MOST = 20_000
const MANY = 1_000

export function createHistories(ledger: LedgerTable, connection: string, progress: (line: string) => void): Histories {
  const counted = new Map<string, { unreadable: number; claimed: number }>()
  let read = 0
  let cut = false
  return {
    async each(tasks, since, use) {
      const some = tasks.slice(0, Math.max(0, MOST - read))
      cut ||= some.length < tasks.length
      return fewAtOnce(some, async (task) => {
        const resource = { kind: 'task', id: task.id }
        const history = await resourceHistory(ledger, { connection, resource, since: since(task) })
        read += 1
        if (read % MANY === 0) progress(`Read the history of ${read} tasks.`)
        // A change that is read twice has happened once.
        const changes = [...new Map(history.changes.map((change) => [change.id, change])).values()]
        return use(task, { ...history, changes })
      })
    },
    count(taskId, { unreadable, claimed }) {
      const was = counted.get(taskId)
      counted.set(taskId, {
        // A history that was read from its beginning has more of both than one of a day.
        unreadable: Math.max(unreadable, was?.unreadable ?? 0),
        claimed: Math.max(claimed, was?.claimed ?? 0),
      })
    },
    notes() {
      const all = [...counted.values()]
      const sum = (of: 'unreadable' | 'claimed') => all.reduce((total, each) => total + each[of], 0)
      return { unreadable: sum('unreadable'), claimed: sum('claimed'), cut }
    },
  }
}
