import { EVENT_NAMES, type EventName } from '../../core/clickup/event-names.ts'

const KNOWN: ReadonlySet<string> = new Set(EVENT_NAMES)
export const isEventName = (name: string): name is EventName => KNOWN.has(name)

/** What an event is about. A key result's body names its goal too. */
export type Resource =
  | { readonly kind: 'task' | 'list' | 'folder' | 'space' | 'goal'; readonly id: string }
  | { readonly kind: 'keyResult'; readonly id: string; readonly goalId: string }
