import type { FieldInput } from '../../clickup/field-body.ts'
import type { Json } from '../../platform/json.ts'
import type { SummaryCreated } from '../../publish/notice.ts'
import type { StandupServices } from '../services.ts'

/** Where something goes, and what. Only what the record wants is sent. */
export type Delivery = {
  /** `text`: without the mark, which is added. */
  comment?: { taskId: string; text: string } | undefined
  /**
   * By the field's name or id. `listId`: the task's list as our snapshot shows it, which spares the reading of the task.
   * `current`: the field's typed value in the snapshot; what stands already is not written.
   */
  field?: { taskId: string; name: string; value: FieldInput; listId?: string | null; current?: Json } | undefined
  event?: Omit<SummaryCreated, 'publishedAt'> | undefined
}

export type DeliverServices = Pick<
  StandupServices,
  'clock' | 'log' | 'dynamo' | 'tables' | 'clickupOf' | 'publishNotice'
>

/** What became of one output. */
export type Sent =
  | { kind: 'settled' }
  /** `until`: not before (ms since 1970); null where nobody says. */
  | { kind: 'later'; reason: string; until: number | null }
