import { timeEntryItem } from '../tasks/time-entry.ts'
import { digestOf } from '../tasks/worklog.ts'
import type { Item } from './item.ts'

/** A time entry that is nobody's: the task keeps its time, and what somebody wrote to it goes with the person. */
export function judgeEntry(item: Item): Item {
  const { userName: _name, description: _description, told, ...rest } = item
  const personal = new Set(['userId', 'userName', 'description'])
  const kept =
    told !== null && typeof told === 'object' ? Object.entries(told).filter(([key]) => !personal.has(key)) : []
  const bare = { ...rest, userId: null, ...(kept.length === 0 ? {} : { told: Object.fromEntries(kept) }) }
  const entry = timeEntryItem.safeParse(bare)
  // Whoever was about to write it has read another one.
  return entry.success ? { ...bare, digest: digestOf(entry.data) } : bare
}
