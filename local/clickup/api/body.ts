import * as z from 'zod'
import { type Answer, invalidBody } from './answer.ts'

type Read<T> = { readonly kind: 'read'; readonly data: T } | { readonly kind: 'refused'; readonly answer: Answer }

/** A call's body by its schema, or the 400 that says what is wrong with it. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): Read<z.infer<Schema>> {
  const result = schema.safeParse(body)
  if (result.success) return { kind: 'read', data: result.data }
  const [issue] = result.error.issues
  return { kind: 'refused', answer: invalidBody(`${issue?.path.join('.') || 'body'}: ${issue?.message}`) }
}

/** ClickUp takes numbers in strings too. */
export const number = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform(Number)
  .pipe(z.number())
export const idText = z.union([z.string(), z.number()]).transform(String)
/** 1 urgent to 4 low. */
export const priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
