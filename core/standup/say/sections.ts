import type { Fact, FactKind } from '../material.ts'
import type { Section } from '../statement.ts'

/** Where each kind of fact is told. A statement that stands elsewhere would say by its heading what the fact does not. */
export const SECTION_OF = {
  blocked: 'blockers',
  stuck: 'blockers',
  done: 'done',
  moved: 'progress',
  reopened: 'progress',
  deleted: 'progress',
  priority: 'priorities',
  created: 'new',
  time: 'people',
  working: 'people',
} as const satisfies Record<FactKind, Section>

/** The headings that people read. */
export const HEADINGS: Readonly<Record<Section, string>> = {
  blockers: 'Blockers',
  done: 'Done',
  progress: 'Progress',
  priorities: 'Priorities',
  new: 'New',
  people: 'People',
}

/** For a priority that was not there or was taken away. */
export const NO_PRIORITY = 'none'

/** ClickUp's priorities, and that of a task that has none. */
const RANKS = [NO_PRIORITY, 'low', 'normal', 'high', 'urgent']

export const isPriority = (name: string): boolean => RANKS.includes(name.trim().toLowerCase())

/** Above 0 where a priority went up, below where it went down; 0 where nobody can tell, and of facts of other kinds. */
export function shiftOf(fact: Fact): number {
  if (fact.kind !== 'priority') return 0
  const rank = (name: string | null) => RANKS.indexOf((name ?? NO_PRIORITY).trim().toLowerCase())
  const [from, to] = [rank(fact.from), rank(fact.to)]
  return from < 0 || to < 0 ? 0 : to - from
}
