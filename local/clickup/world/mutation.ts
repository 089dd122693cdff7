import type { EventName } from '../../../core/clickup/event-names.ts'
import type { Resource } from '../events.ts'

/** Who does it, and whether in the app or by a call of the API. */
export type Actor = { readonly userId: number; readonly via: 'app' | 'api' }

export const inApp = (userId: number): Actor => ({ userId, via: 'app' })
export const byApi = (userId: number): Actor => ({ userId, via: 'api' })

/** A person as history items carry them. */
export type HistoryUser = {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly color: string
  readonly initials: string
  readonly profilePicture: null
  readonly role?: number
  readonly role_subtype?: number
}

/** One thing that happened, in the words of a delivery. The date is a string of epoch milliseconds. */
export type HistoryItem = {
  readonly id: string
  readonly type: number
  readonly date: string
  readonly field: string
  readonly parent_id: string
  readonly data: Readonly<Record<string, unknown>>
  readonly source: string | null
  readonly user: HistoryUser
  /** Absent, not null, where ClickUp leaves it out. */
  readonly before?: unknown
  readonly after?: unknown
  readonly comment?: {
    readonly id: string
    readonly text_content: string
    readonly comment: unknown
    readonly [key: string]: unknown
  }
  readonly custom_field?: {
    readonly id: string
    readonly name: string
    readonly type: string
    readonly [key: string]: unknown
  }
}

/** Where something happened: what a webhook's scope is compared with. */
export type Place = {
  readonly spaceId: string | null
  readonly folderId: string | null
  readonly listId: string | null
  readonly taskId: string | null
}

export const WHOLE_WORKSPACE: Place = { spaceId: null, folderId: null, listId: null, taskId: null }

/** One event, before it is known which webhooks hear it. */
export type Emission = {
  readonly event: EventName
  readonly resource: Resource
  /** Null where the body has no such key, empty where it has an empty one. */
  readonly items: readonly HistoryItem[] | null
  /** More than one when something moves: either is enough for a webhook to hear of it. */
  readonly places: readonly Place[]
  /** The body's own `data`, beside the history items'. */
  readonly data?: Readonly<Record<string, unknown>>
  /** For the log alone: what a hint stands for. */
  readonly was?: unknown
  readonly is?: unknown
}

/** A change that ClickUp tells nobody about. */
export type SilentChange = {
  readonly resource: Resource
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** One act of one person, with everything that it set off. */
export type Mutation = {
  readonly name: string
  readonly actor: Actor
  /** ClickUp's clock. */
  readonly date: number
  readonly emissions: readonly Emission[]
  readonly silent: readonly SilentChange[]
}
