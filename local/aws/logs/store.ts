import type { Clock } from '../../../core/platform/clock.ts'

export type LogEvent = {
  /** Counts every line of the group, so that a page can go on behind the last one. */
  readonly number: number
  readonly stream: string
  readonly at: number
  readonly message: string
}

/** What a group keeps of its newest lines: enough to see what happened, little enough for a stack that stays up for days. */
const MOST_EVENTS = 20_000
const MOST_CHARACTERS = 8_000_000

type Group = { events: LogEvent[]; characters: number; written: number }

/** Log groups by name, each with its newest lines, oldest first. */
export function createLogStore(clock: Clock) {
  const groups = new Map<string, Group>()

  function group(name: string): Group {
    const known = groups.get(name)
    if (known !== undefined) return known
    const made: Group = { events: [], characters: 0, written: 0 }
    groups.set(name, made)
    return made
  }

  /** The oldest lines go, a quarter at a time, so that most lines cost nothing. */
  function trim(of: Group): void {
    if (of.events.length <= MOST_EVENTS && of.characters <= MOST_CHARACTERS) return
    let first = 0
    while (of.events.length - first > MOST_EVENTS * 0.75 || of.characters > MOST_CHARACTERS * 0.75) {
      const gone = of.events[first]
      if (gone === undefined) break
      of.characters -= gone.message.length
      first += 1
    }
    of.events = of.events.slice(first)
  }

  return {
    /** Makes the group if there is none yet. */
    create: (name: string): void => void group(name),
    write(name: string, stream: string, message: string): void {
      const to = group(name)
      // A clock that was set back must not make a line older than the one before it.
      const at = Math.max(clock.now(), to.events.at(-1)?.at ?? 0)
      to.events.push({ number: to.written, stream, at, message })
      to.written += 1
      to.characters += message.length
      trim(to)
    },
    /** Undefined for a group that does not exist. */
    events: (name: string): readonly LogEvent[] | undefined => groups.get(name)?.events,
  }
}
