import type { Calendar } from '../../report/working-time.ts'
import type { FactDetail } from '../material.ts'
import type { StandupSettings } from '../settings.ts'

/** A fact before it has an id. All are about the one task. */
export type TaskFact = FactDetail & { changeIds: readonly string[] }

export type FactContext = {
  settings: Pick<StandupSettings, 'blockers' | 'reports'>
  calendar: Calendar
  now: number
  /** The ref of a person, given when it is first asked for; null of nobody. */
  refOf(person: { id: string; name: string | null } | null): string | null
  ref: string
}
