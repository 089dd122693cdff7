import * as z from 'zod'

/** A status as a change holds it: `before` or `after`. */
const statusSchema = z.looseObject({ name: z.string(), type: z.string().nullable().catch(null) })

/** The status on one side of a change; null where there is none. */
export function statusOf(side: unknown): { name: string; type: string | null } | null {
  const { data } = statusSchema.safeParse(side)
  return data === undefined ? null : { name: data.name, type: data.type }
}

/** ClickUp shows statuses in capitals that are stored in small letters, and people type what they see. */
export const isSameStatus = (one: string, other: string): boolean => folded(one) === folded(other)

const folded = (name: string) => name.trim().toLowerCase()
