import type { Quarantined } from './quarantined.ts'

/** Messages with one class and one reason. Times are milliseconds since 1970, null where no message says. */
export type Group = {
  class: string
  reason: string
  count: number
  oldest: number | null
  newest: number | null
  connections: string[]
  /** How many of each event, the most frequent first; null for what names none. */
  events: { event: string | null; count: number }[]
  /** Some of them, to be looked at one by one. */
  examples: Quarantined[]
}

const EXAMPLES = 3

/** Groups messages by why they are there, the largest group first. */
export function grouped(messages: readonly Quarantined[]): Group[] {
  const groups = Map.groupBy(messages, (each) => JSON.stringify([each.class, each.reason]))
  return [...groups.values()].flatMap((its) => groupOf(its) ?? []).sort((a, b) => b.count - a.count)
}

function groupOf(its: readonly Quarantined[]): Group | null {
  const [first] = its
  if (first === undefined) return null
  const times = its.flatMap(({ firstSeen }) => firstSeen ?? [])
  const events = [...Map.groupBy(its, ({ event }) => event)].map(([event, { length }]) => ({ event, count: length }))
  return {
    ...{ class: first.class, reason: first.reason, count: its.length },
    oldest: times.length === 0 ? null : Math.min(...times),
    newest: times.length === 0 ? null : Math.max(...times),
    connections: [...new Set(its.flatMap(({ connection }) => connection ?? []))].sort(),
    events: events.sort((a, b) => b.count - a.count),
    examples: its.slice(0, EXAMPLES),
  }
}
