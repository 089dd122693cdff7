import { body, type FieldBody, type FieldInput, type Unfit, unfit } from './field-body.ts'
import type { FieldSchema } from './field-schemas.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** A day or a moment. */
export function dateBody(field: FieldSchema, input: FieldInput): FieldBody | Unfit {
  const wrong = unfit(
    `The field "${field.name}" takes a Date, milliseconds since 1970, "2026-03-29", or "2026-03-29T15:00:00Z" with its time zone.`,
  )
  // Noon is the same day nearly everywhere; midnight is yesterday in half of the world.
  if (typeof input === 'string' && DATE.test(input)) {
    const day = Date.parse(`${input}T12:00:00Z`)
    const isDay = !Number.isNaN(day) && new Date(day).toISOString().startsWith(input)
    return isDay ? body(day) : wrong
  }
  const at =
    input instanceof Date
      ? input.getTime()
      : typeof input === 'number'
        ? input
        : typeof input === 'string' && MOMENT.test(input)
          ? Date.parse(input)
          : Number.NaN
  // Seconds since 1970 are the usual mistake: as milliseconds they are a day in January 1970.
  if (!Number.isFinite(at) || (Math.abs(at) < 1e11 && !(input instanceof Date))) return wrong
  return { kind: 'body', body: { value: Math.trunc(at), value_options: { time: true } } }
}
