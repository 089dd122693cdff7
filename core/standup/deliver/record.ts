import * as z from 'zod'
import { versioned } from '../../platform/versioned.ts'
import { choiceSchema } from '../choice.ts'
import { summarySchema } from '../statement.ts'
import { occasionSchema } from './occasion.ts'

export const OUTPUTS = ['comment', 'field', 'event'] as const
export type Output = (typeof OUTPUTS)[number]

/** How far an output has come. Times are ms since 1970, our clock. */
const outputSchema = z.discriminatedUnion('stage', [
  /** Nothing was sent, or what was sent is known not to have been taken. */
  z.object({ stage: z.literal('open') }),
  /** It was about to be sent, and nobody knows whether it was taken. */
  z.object({ stage: z.literal('sending'), since: z.number() }),
  /** `id`: of the comment, where ClickUp told it. */
  z.object({ stage: z.literal('done'), at: z.number(), id: z.string().nullable() }),
  /** It will never be taken, with the reason for people. */
  z.object({ stage: z.literal('failed'), at: z.number(), reason: z.string() }),
])
export type OutputState = z.infer<typeof outputSchema>

/** What was made for an occasion: kept, so that nobody asks a model twice. */
const madeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('summary'), summary: summarySchema }),
  z.object({ kind: z.literal('choice'), choice: choiceSchema }),
])
export type Made = z.infer<typeof madeSchema>

/**
 * What is kept of an occasion:
 *
 *     claimed, by an owner until a lease ends ─▶ made ─▶ each output open ─▶ sending ─▶ done
 *                                                                      └──────────────▶ failed
 *
 * Whoever comes after a crash takes it over when the lease has ended, and goes on where it stands.
 */
const recordSchema = z.object({
  occasion: occasionSchema,
  /** Raised by every write: whoever rewrites the item for another reason does so on the one that was read. */
  version: z.number(),
  /** Null while nobody is at it. */
  owner: z.string().nullable(),
  leaseUntil: z.number(),
  /** How often somebody has begun or gone on with it. */
  tries: z.number(),
  openedAt: z.number(),
  made: madeSchema.nullable(),
  /** Those that are wanted, and no others. */
  outputs: z.partialRecord(z.enum(OUTPUTS), outputSchema),
  /** Why nothing was made and nothing will be; null in the ordinary case. */
  dropped: z.string().nullable(),
})
export const recordItem = versioned(recordSchema)
export type OccasionRecord = z.infer<typeof recordSchema>

/** Whether all is done that was wanted, or is known not to be possible. */
export const isOver = ({ made, outputs, dropped }: Pick<OccasionRecord, 'made' | 'outputs' | 'dropped'>): boolean =>
  dropped !== null ||
  (made !== null && Object.values(outputs).every(({ stage }) => stage === 'done' || stage === 'failed'))

/** A table's item holds 400 KB, and what is in the bus's event is in here too. */
const MOST_BYTES = 200 * 1024
/** Ids of changes beyond so many to a statement say nothing more of what it rests on. */
const MOST_IDS = 50

/** What fits into an item: statements hold fewer ids, and where that is not enough, the last ones are left out. */
export function fitted<Kept extends Made>(made: Kept): Kept {
  if (made.kind === 'choice' || bytesOf(made) <= MOST_BYTES) return made
  const { summary } = made
  const room = MOST_BYTES - bytesOf({ ...summary, statements: [] })
  let statements = summary.statements.map((each) => ({
    ...each,
    changeIds: each.changeIds.slice(0, MOST_IDS),
    taskIds: each.taskIds.slice(0, MOST_IDS),
  }))
  while (statements.length > 0 && bytesOf(statements) > room) statements = statements.slice(0, -1)
  return { ...made, summary: { ...summary, statements } }
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
