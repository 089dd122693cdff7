type Entry = { readonly updatedAt: number; readonly id: string }

export type ByUpdate = {
  /** The task was updated; both are as they are now. */
  note(id: string, updatedAt: number): void
  /** Tasks whose last update is later than a time. */
  after(time: number): Iterable<string>
}

/**
 * Tasks by their last update, so that what changed lately is found without looking at all there is. Updates come nearly in
 * their order, so an entry is appended, and the one that it replaces is skipped from then on.
 */
export function createByUpdate(): ByUpdate {
  const last = new Map<string, number>()
  let entries: Entry[] = []
  let sorted = true

  /** One entry for each task, in order. */
  function tidy(): void {
    entries = [...last].map(([id, updatedAt]) => ({ id, updatedAt })).sort((a, b) => a.updatedAt - b.updatedAt)
    sorted = true
  }

  /** Where the entries later than a time begin. */
  function firstAfter(time: number): number {
    let [from, to] = [0, entries.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((entries[middle]?.updatedAt ?? 0) > time) to = middle
      else from = middle + 1
    }
    return from
  }

  return {
    note(id, updatedAt) {
      if (last.get(id) === updatedAt) return
      last.set(id, updatedAt)
      if (updatedAt < (entries.at(-1)?.updatedAt ?? 0)) sorted = false
      entries.push({ id, updatedAt })
    },
    *after(time) {
      if (!sorted || entries.length > 2 * last.size + 1_000) tidy()
      for (let index = firstAfter(time); index < entries.length; index++) {
        const entry = entries[index]
        if (entry !== undefined && last.get(entry.id) === entry.updatedAt) yield entry.id
      }
    },
  }
}
