import type { Gap } from '../sync/gaps.ts'

/** What cannot be recovered of a window in which deliveries were missed (docs/sync.md). */
export type Loss =
  /** Who made the repaired changes, and when exactly: no listing says it. A late delivery still may. */
  | { kind: 'actors'; changes: number }
  /** What a listing of tasks does not carry, and nobody can know that it changed. */
  | { kind: 'unlisted'; fields: readonly string[] }
  /** States that a field passed through: only the net difference shows. */
  | { kind: 'between' }

const UNLISTED = ['comments', 'descriptions', 'goals'] as const

export const lossesOf = ({ repaired }: Gap): Loss[] => [
  ...(repaired.changes > 0 ? [{ kind: 'actors', changes: repaired.changes } as const] : []),
  { kind: 'unlisted', fields: UNLISTED },
  { kind: 'between' },
]
