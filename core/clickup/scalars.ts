import * as z from 'zod'
import { isStorable } from '../platform/json.ts'

/** ClickUp writes ids as strings or as numbers, from one endpoint to the next. */
export const idSchema = z.union([z.string().min(1).max(200), z.number()]).transform(String)

/** The last moment that JavaScript has a date for, either way from 1970. */
const LAST_MOMENT = 8.64e15

/** Epoch milliseconds, as a string or a number. */
export const timeSchema = z
  .union([z.string().regex(/^-?\d{1,15}(\.\d+)?$/), z.number()])
  .transform((value) => Math.trunc(Number(value)))
  .refine((value) => Math.abs(value) <= LAST_MOMENT, 'is no time')

/** A number that may be written as a string; anything else is null rather than a refusal of the whole answer. */
export const numberSchema = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform(Number)
  .refine(isStorable)
  .nullable()
  .catch(null)

/** No name in ClickUp is longer than this; one that is must not fill an item of ours. */
const MAX_NAME = 500

/** A name, cut where it is none any more; well formed, because half of a character is none. */
export const nameText = z
  .string()
  .transform((text) => (text.length > MAX_NAME ? text.slice(0, MAX_NAME).toWellFormed() : text))

/** A person as every endpoint and every delivery shows one. */
export const userSchema = z.looseObject({
  id: idSchema,
  username: nameText.nullish(),
  email: nameText.nullish(),
})
export type User = z.infer<typeof userSchema>
