import * as z from 'zod'

/** What was found, or done, by the kind of thing that it is. */
export const KINDS = [
  'change',
  'comment',
  'snapshot',
  'accounting',
  'timeEntry',
  'timeInStatus',
  'member',
  'summary',
  'state',
  'archivedDelivery',
] as const
export type Kind = (typeof KINDS)[number]

const actedSchema = z.object({ changed: z.number(), deleted: z.number() })

export const countsSchema = z.object({
  /** Items that were looked at. */
  read: z.number(),
  byKind: z.partialRecord(z.enum(KINDS), actedSchema),
  /** Living tasks that ClickUp showed the subject on when they were last read: there, too, it has to go. */
  stillShown: z.number(),
  /** Texts that are left and may name the person: those that mirror ClickUp, and names of one word. */
  textsLeft: z.number(),
  /** Deliveries of the archive that nobody can read, or that a later version has written: they stay as they are. */
  unreadable: z.number().default(0),
})
export type Counts = z.infer<typeof countsSchema>

export const noCounts = (): Counts => ({ read: 0, byKind: {}, stillShown: 0, textsLeft: 0, unreadable: 0 })

export function count(counts: Counts, kind: Kind, what: 'changed' | 'deleted', by = 1): void {
  const before = counts.byKind[kind] ?? { changed: 0, deleted: 0 }
  counts.byKind[kind] = { ...before, [what]: before[what] + by }
}

/** How many items had, or have, to do with the subject. */
export const totalOf = ({ byKind }: Counts): number =>
  Object.values(byKind).reduce((sum, { changed, deleted }) => sum + changed + deleted, 0)
