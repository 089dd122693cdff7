/** Every event name that a webhook can ask for. */
export const EVENT_NAMES = [
  'taskCreated',
  'taskUpdated',
  'taskDeleted',
  'taskPriorityUpdated',
  'taskStatusUpdated',
  'taskAssigneeUpdated',
  'taskDueDateUpdated',
  'taskTagUpdated',
  'taskMoved',
  'taskCommentPosted',
  'taskCommentUpdated',
  'taskTimeEstimateUpdated',
  'taskTimeTrackedUpdated',
  'listCreated',
  'listUpdated',
  'listDeleted',
  'folderCreated',
  'folderUpdated',
  'folderDeleted',
  'spaceCreated',
  'spaceUpdated',
  'spaceDeleted',
  'goalCreated',
  'goalUpdated',
  'goalDeleted',
  'keyResultCreated',
  'keyResultUpdated',
  'keyResultDeleted',
] as const

export type EventName = (typeof EVENT_NAMES)[number]

const KNOWN: ReadonlySet<string> = new Set(EVENT_NAMES)
export const isEventName = (name: string): name is EventName => KNOWN.has(name)

/** What an event is about. A key result's body names its goal too. */
export type Resource =
  | { readonly kind: 'task' | 'list' | 'folder' | 'space' | 'goal'; readonly id: string }
  | { readonly kind: 'keyResult'; readonly id: string; readonly goalId: string }
