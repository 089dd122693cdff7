type Entry = { readonly at: number; readonly id: string }

export type ByUpdate = {
  /** The task was updated; both are as they are now. */
  note(id: string, updatedAt: number): void
  /** Tasks whose last update is later than a time, oldest first. */
  after(time: number): Iterable<string>
  /** Tasks whose last update lies between two times, neither included, in the order of it. Ties come in any order. */
  between(after: number, before: number, rising: boolean): Iterable<string>
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
    entries = [...last].map(([id, at]) => ({ id, at })).sort((a, b) => a.at - b.at)
    sorted = true
  }

  /** Where the entries later than a time begin. */
  function firstAfter(time: number): number {
    let [from, to] = [0, entries.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((entries[middle]?.at ?? 0) > time) to = middle
      else from = middle + 1
    }
    return from
  }

  function* between(after: number, before: number, rising: boolean): Iterable<string> {
    if (!sorted || entries.length > 2 * last.size + 1_000) tidy()
    // Whoever goes on with this when there is a new order still walks the old one.
    const walked = entries
    const [from, to] = [firstAfter(after), before === Number.POSITIVE_INFINITY ? walked.length : firstAfter(before)]
    const [first, step] = rising ? [from, 1] : [to - 1, -1]
    for (let index = first; index >= from && index < to; index += step) {
      const entry = walked[index]
      if (entry !== undefined && entry.at < before && last.get(entry.id) === entry.at) yield entry.id
    }
  }

  return {
    note(id, updatedAt) {
      if (last.get(id) === updatedAt) return
      last.set(id, updatedAt)
      if (updatedAt < (entries.at(-1)?.at ?? 0)) sorted = false
      entries.push({ id, at: updatedAt })
    },
    after: (time) => between(time, Number.POSITIVE_INFINITY, true),
    between,
  }
}
