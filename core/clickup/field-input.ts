import * as z from 'zod'
import { body, type FieldBody, type FieldInput, type Unfit, unfit } from './field-body.ts'
import { dateBody } from './field-date.ts'
import { labelsBody, optionBody } from './field-options.ts'
import type { FieldSchema } from './field-schemas.ts'

/** A value in the form in which ClickUp takes it. `current`: ids that stand, for fields that are changed by adding and removing. */
export function fieldBody(field: FieldSchema, input: FieldInput, current: readonly string[]): FieldBody | Unfit {
  const called = `The field "${field.name}"`
  switch (field.type) {
    case 'drop_down':
      return optionBody(field, input)
    case 'labels':
      return labelsBody(field, input)
    case 'number':
    case 'currency': {
      const number = numberOf(input)
      return number === null ? unfit(`${called} takes a number, such as 12.5.`) : body(number)
    }
    case 'emoji':
      return whole(field, input, 0, field.count ?? 5)
    case 'manual_progress': {
      const made = whole(field, input, field.start ?? 0, field.end ?? 100)
      return made.kind === 'body' ? body({ current: made.body.value }) : made
    }
    case 'date':
      return dateBody(field, input)
    case 'checkbox':
      return typeof input === 'boolean' ? body(input) : unfit(`${called} takes true or false.`)
    case 'users':
      return changeBody(field, input, current, /^\d+$/, 'ids of people, such as [183, 184]', Number)
    case 'tasks':
      return changeBody(field, input, current, /^[A-Za-z0-9_-]+$/, 'ids of tasks, such as ["86abc12de"]', String)
    case 'location':
      return locationBody(field, input)
    case 'url':
      return textBody(field, input, isUrl, 'an address that begins with http:// or https://')
    case 'email':
      return textBody(field, input, (text) => /^[^\s@]+@[^\s@]+$/.test(text), 'an e-mail address')
    case 'phone':
      return textBody(
        field,
        input,
        (text) => /^\+[\d\s().-]{5,}$/.test(text),
        'a telephone number with its country code, such as "+49 30 1234567"',
      )
    case 'short_text':
    case 'text':
      return textBody(field, input, () => true, 'a text')
    default:
      return unfit(`${called} cannot be set: ClickUp's API does not write fields of the type ${field.type}.`)
  }
}

function whole(field: FieldSchema, input: FieldInput, from: number, to: number): FieldBody | Unfit {
  const number = numberOf(input)
  const fits = number !== null && number >= from && number <= to && (field.type !== 'emoji' || Number.isInteger(number))
  return fits ? body(number) : unfit(`The field "${field.name}" takes a number from ${from} to ${to}.`)
}

const idsSchema = z.array(z.union([z.string(), z.number()]).transform(String))
const changeSchema = z.strictObject({ add: idsSchema.default([]), rem: idsSchema.default([]) })

/** A list is what shall stand: what is missing is added, and what is too much is removed. */
function changeBody(
  field: FieldSchema,
  input: FieldInput,
  current: readonly string[],
  form: RegExp,
  what: string,
  asId: (id: string) => string | number,
): FieldBody | Unfit {
  const ids = idsSchema.safeParse(input).data
  const change = changeSchema.safeParse(input).data
  const { add, rem } =
    ids === undefined
      ? (change ?? { add: [], rem: [] })
      : { add: ids.filter((id) => !current.includes(id)), rem: current.filter((id) => !ids.includes(id)) }
  const isWrong =
    (ids === undefined && change === undefined) || [...(ids ?? []), ...add, ...rem].some((id) => !form.test(id))
  if (isWrong) return unfit(`The field "${field.name}" takes ${what}, or {add, rem} with such lists.`)
  return body({ add: add.map(asId), rem: rem.map(asId) })
}

const placeSchema = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  address: z.string().default(''),
})

function locationBody(field: FieldSchema, input: FieldInput): FieldBody | Unfit {
  const { data } = placeSchema.safeParse(input)
  if (data === undefined) {
    return unfit(
      `The field "${field.name}" takes {lat, lng, address}, such as {lat: 52.5, lng: 13.4, address: "Berlin"}.`,
    )
  }
  return body({ location: { lat: data.lat, lng: data.lng }, formatted_address: data.address })
}

function textBody(
  field: FieldSchema,
  input: FieldInput,
  fits: (text: string) => boolean,
  what: string,
): FieldBody | Unfit {
  const isText = typeof input === 'string' && input.trim() !== '' && fits(input)
  return isText ? body(input) : unfit(`The field "${field.name}" takes ${what}, or null to clear it.`)
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function numberOf(input: FieldInput): number | null {
  const number = typeof input === 'string' && /^-?\d+(\.\d+)?$/.test(input) ? Number(input) : input
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
