/** What a subscriber imports: the shape of an event, to check and to type it, and the names of all detail types. */
export { EVENT_SOURCE } from '../platform/names.ts'
export { DETAIL_TYPES } from './detail-types.ts'
export { type ChangeEvent, changeEventSchema, eventTaskSchema } from './event.ts'
export { backfilledSchema, type Notice, type SummaryCreated, summaryCreatedSchema, syncedSchema } from './notice.ts'
