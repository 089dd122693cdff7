import type { EventName } from '../../core/clickup/event-names.ts'
import type { Resource } from './events.ts'
import type { TruthChange } from './truth.ts'

/** Everything the fake did, numbered. `at` is the machine's clock; dates inside changes are ClickUp's. */
export type LogEntry = { readonly seq: number; readonly at: number } & (
  | {
      readonly kind: 'mutation'
      readonly name: string
      readonly actor: number
      readonly via: 'app' | 'api'
      readonly changes: readonly TruthChange[]
    }
  | {
      readonly kind: 'delivery'
      readonly deliveryId: string
      readonly webhookId: string
      readonly event: EventName
      readonly resource: Resource
      readonly historyIds: readonly string[]
      /** Which of its copies this is: 1, or 2 for a duplicate. */
      readonly copy: number
      readonly lost: boolean
      readonly delayMs: number
    }
  | {
      readonly kind: 'attempt'
      readonly deliveryId: string
      readonly attempt: number
      /** Null without an answer. */
      readonly status: number | null
      readonly problem: string | null
      readonly latencyMs: number
    }
  | { readonly kind: 'dropped'; readonly deliveryId: string; readonly reason: 'tries' | 'suspended' | 'deleted' }
  | {
      readonly kind: 'webhook'
      readonly webhookId: string
      readonly what: 'created' | 'updated' | 'deleted' | 'health'
      readonly status: string
      readonly failCount: number
    }
  | {
      readonly kind: 'call'
      readonly method: string
      readonly path: string
      /** The user whose token it was; null for a missing or dead one. */
      readonly caller: number | null
      readonly status: number
      readonly ecode: string | null
      readonly latencyMs: number
    }
  | { readonly kind: 'faults'; readonly faults: unknown }
  /** The fake itself is at fault: no answer of ClickUp's. */
  | { readonly kind: 'crash'; readonly path: string; readonly why: string }
)

type Content<Entry> = Entry extends LogEntry ? Omit<Entry, 'seq' | 'at'> : never
/** An entry before it has its number and its time. */
export type LogContent = Content<LogEntry>
