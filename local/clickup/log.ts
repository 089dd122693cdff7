import type { Clock } from '../../core/platform/clock.ts'
import type { LogContent, LogEntry } from './log-entry.ts'
import { changesOf, type TruthChange } from './truth.ts'
import type { Emission, Mutation } from './world/mutation.ts'

/** Entries kept: enough for every check, little enough for a stack that stays up for days. Changes are kept for ever. */
const ENTRIES_KEPT = 400_000

export type TruthLog = {
  /** Entries with a number from `since` on, oldest first. */
  entries(since?: number): LogEntry[]
  /** The number that the next entry will have. */
  next(): number
  /** Everything that happened in the model, each change once. */
  changes(): readonly TruthChange[]
}

export type LogWriter = TruthLog & {
  write(content: LogContent): void
  /** Enters a mutation; answers which changes each of its emissions carries. */
  mutation(mutation: Mutation): { emission: Emission; changes: TruthChange[] }[]
}

export function createLog(clock: Clock): LogWriter {
  let entries: LogEntry[] = []
  const changes: TruthChange[] = []
  let seq = 0

  const write = (content: LogContent) => {
    entries.push({ seq, at: clock.now(), ...content })
    seq += 1
    if (entries.length > ENTRIES_KEPT * 1.25) entries = entries.slice(-ENTRIES_KEPT)
  }

  return {
    entries: (since = 0) => {
      const first = entries[0]?.seq ?? 0
      return entries.slice(Math.max(0, since - first))
    },
    next: () => seq,
    changes: () => changes,
    write,
    mutation: (mutation) => {
      let number = changes.length
      const made = changesOf(mutation, () => number++)
      changes.push(...made.changes)
      write({
        kind: 'mutation',
        name: mutation.name,
        actor: mutation.actor.userId,
        via: mutation.actor.via,
        changes: made.changes,
      })
      return made.carried
    },
  }
}
