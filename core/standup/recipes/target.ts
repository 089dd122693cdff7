import { createFieldSchemas, type FieldSchema } from '../../clickup/field-schemas.ts'
import { writeFaultOf } from '../../clickup/write-fault.ts'
import type { Json } from '../../platform/json.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import type { Fault } from '../../upstream/fault.ts'
import type { StandupServices } from '../services.ts'
import type { RecipeSettings } from '../settings.ts'
import { type Fillable, fillableField } from './fillable.ts'
import type { RecipeOutcome } from './outcome.ts'

/** Where the result of a recipe goes. */
export type Target =
  | { kind: 'comment' }
  | {
      kind: 'field'
      field: FieldSchema
      fillable: Extract<Fillable, { kind: 'text' | 'choice' }>
      listId: string
      /** What the task shows in it. */
      current: Json
    }

/** While the token is refused; somebody has to mend it. */
const TOKEN_SECONDS = 900
const PATIENCE_SECONDS = 60

/** A comment needs nothing to be known; a field is looked for among those of the task's list. */
export async function targetOf(
  recipe: RecipeSettings,
  snapshot: Snapshot,
  { clock, dynamo, tables, clickupOf }: Pick<StandupServices, 'clock' | 'dynamo' | 'tables' | 'clickupOf'>,
): Promise<Target | RecipeOutcome> {
  const { act, connection } = recipe
  if (act.kind === 'comment') return { kind: 'comment' }
  if (snapshot.list === null)
    return { kind: 'noField', reason: `Nobody knows in which list the task ${snapshot.id} is.` }
  const { id: listId } = snapshot.list
  const clickup = clickupOf(connection)
  const schemas = createFieldSchemas({ state: { dynamo, table: tables.state }, connection, clickup, clock })
  const fillable = await fillableField(schemas, { listId, name: act.field }, clock)
  switch (fillable.kind) {
    case 'text':
    case 'choice': {
      const { field } = fillable
      const current = snapshot.customFields.find(({ id }) => id === field.id)?.value ?? null
      return { kind: 'field', field, fillable, listId, current }
    }
    case 'noField':
    case 'cannotFill':
      return fillable
    default:
      return unread(fillable, snapshot.id, clock.now())
  }
}

/** The fields of the list could not be read. */
function unread(fault: Fault, taskId: string, now: number): RecipeOutcome {
  const told = writeFaultOf(fault, taskId, false)
  switch (told.kind) {
    case 'invalid':
    case 'notFound':
      return { kind: 'failed', reason: told.reason }
    case 'tokenDead':
      return { kind: 'again', inSeconds: TOKEN_SECONDS, reason: told.reason }
    case 'later':
      return { kind: 'again', inSeconds: secondsUntil(told.until, now), reason: told.reason }
    case 'unknown':
      return { kind: 'again', inSeconds: PATIENCE_SECONDS, reason: told.reason }
  }
}

/** From now until a time (ms since 1970), at least one; some patience where nobody says. */
export const secondsUntil = (until: number | null, now: number): number =>
  until === null ? PATIENCE_SECONDS : Math.max(1, Math.ceil((until - now) / 1000))
