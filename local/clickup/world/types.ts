/** The records of the model. They are never changed, only replaced: so an old version can still be read. */

export type StatusType = 'open' | 'custom' | 'done' | 'closed'
export type Status = {
  readonly id: string
  readonly status: string
  readonly color: string
  readonly orderindex: number
  readonly type: StatusType
}

/** 1 owner, 2 admin, 3 member, 4 guest. */
export type Role = 1 | 2 | 3 | 4
export type User = {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly color: string
  readonly initials: string
  readonly role: Role
  readonly joinedAt: number
  /** A service account: people at work leave it alone. */
  readonly bot: boolean
  /** A disabled user's token is dead, and the webhooks that the user made stay but fall silent. */
  readonly disabled: boolean
  /** Has left the workspace: no member any more, but still the creator or assignee of what was theirs. */
  readonly left: boolean
}

export type Space = {
  readonly id: string
  readonly name: string
  readonly color: string
  readonly private: boolean
  /** Who sees a private space; everybody sees the others. */
  readonly memberIds: readonly number[]
  readonly archived: boolean
  readonly statuses: readonly Status[]
  /** Tasks get custom ids with this prefix, as in `ENG-42`. */
  readonly customIdPrefix: string | null
}

export type Folder = {
  readonly id: string
  readonly spaceId: string
  readonly name: string
  readonly orderindex: number
  /** A list without a folder lives in a hidden one of its own. */
  readonly hidden: boolean
  readonly archived: boolean
  readonly statuses: readonly Status[] | null
}

export type List = {
  readonly id: string
  readonly folderId: string
  readonly name: string
  readonly content: string
  readonly orderindex: number
  readonly startDate: number | null
  readonly dueDate: number | null
  readonly archived: boolean
  readonly statuses: readonly Status[] | null
}

export type Tag = {
  readonly name: string
  readonly tag_fg: string
  readonly tag_bg: string
  readonly creator: number
}

/** 1 urgent, 2 high, 3 normal, 4 low. */
export type Priority = 1 | 2 | 3 | 4

export type Task = {
  readonly id: string
  readonly customId: string | null
  readonly customItemId: number
  readonly name: string
  readonly text: string
  readonly status: Status
  readonly orderindex: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
  readonly doneAt: number | null
  readonly archived: boolean
  readonly deleted: boolean
  /** How often it has come back to life. */
  readonly incarnation: number
  readonly creatorId: number
  readonly assigneeIds: readonly number[]
  readonly watcherIds: readonly number[]
  readonly tags: readonly Tag[]
  readonly parentId: string | null
  readonly priority: Priority | null
  readonly dueDate: number | null
  readonly dueDateTime: boolean
  readonly startDate: number | null
  readonly startDateTime: boolean
  readonly points: number | null
  readonly timeEstimate: number | null
  readonly timeSpent: number | null
  readonly fields: ReadonlyMap<string, FieldValue>
  readonly listId: string
  /** Lists it was added to beside its home list. */
  readonly otherListIds: readonly string[]
  readonly dependencies: readonly Dependency[]
  readonly links: readonly Link[]
}

type Dependency = { readonly dependsOn: string; readonly date: number; readonly userId: number }
type Link = { readonly linkId: string; readonly date: number; readonly userId: number }

type FieldType =
  | 'url'
  | 'drop_down'
  | 'labels'
  | 'email'
  | 'phone'
  | 'date'
  | 'short_text'
  | 'text'
  | 'checkbox'
  | 'number'
  | 'currency'
  | 'tasks'
  | 'users'
  | 'emoji'
  | 'automatic_progress'
  | 'manual_progress'
  | 'location'

type FieldOption = { readonly id: string; readonly name: string; readonly color: string | null }
export type Field = {
  readonly id: string
  readonly name: string
  readonly type: FieldType
  readonly config: Readonly<Record<string, unknown>>
  readonly options: readonly FieldOption[]
  readonly createdAt: number
  readonly creatorId: number
  readonly required: boolean
  readonly place: { readonly kind: 'team' | 'space' | 'folder' | 'list'; readonly id: string }
}

/** A value as stored: options by id, dates and numbers as they were given. */
export type FieldValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'option'; readonly optionId: string }
  | { readonly kind: 'labels'; readonly optionIds: readonly string[] }
  | { readonly kind: 'date'; readonly at: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'checkbox'; readonly checked: boolean }
  | { readonly kind: 'users'; readonly userIds: readonly number[] }
  | { readonly kind: 'tasks'; readonly taskIds: readonly string[] }
  | { readonly kind: 'progress'; readonly current: number }
  | { readonly kind: 'location'; readonly lat: number; readonly lng: number; readonly address: string }

export type Comment = {
  readonly id: string
  readonly taskId: string
  readonly userId: number
  readonly text: string
  readonly blockId: string
  readonly date: number
  /** An edit comes with the history id of the posting. */
  readonly historyId: string
  readonly resolved: boolean
  readonly assigneeId: number | null
}

export type TimeEntry = {
  readonly id: string
  /** Absent for time that belongs to no task. */
  readonly taskId: string | null
  readonly userId: number
  readonly start: number
  /** Null while the timer runs. */
  readonly end: number | null
  readonly description: string
  readonly billable: boolean
  readonly source: string
  readonly tags: readonly Tag[]
  /** When it was last written. */
  readonly at: number
}

export type KeyResult = {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly ownerIds: readonly number[]
  readonly creatorId: number
  readonly createdAt: number
  readonly stepsStart: number
  readonly stepsEnd: number
  readonly stepsCurrent: number
  readonly note: string
}

export type Goal = {
  readonly id: string
  readonly prettyId: string
  readonly name: string
  readonly description: string
  readonly color: string
  readonly dueDate: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly creatorId: number
  readonly ownerIds: readonly number[]
  readonly keyResults: readonly KeyResult[]
}
