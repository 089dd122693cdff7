import * as z from 'zod'
import type { InvokeOutcome } from '../lambda/outcome.ts'

const partialSchema = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
})

/**
 * Which messages of a batch are done with and may be deleted; the others come back when their visibility ends.
 * Lambda's rules: no list, an empty or a null one is complete success; an identifier that is empty or of no message in the batch,
 * or a function that fails, is complete failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function handledIds(messageIds: string[], outcome: InvokeOutcome, reportsFailures: boolean): Set<string> {
  if (outcome.kind !== 'returned') return new Set()
  if (!reportsFailures || outcome.payload === null) return new Set(messageIds)
  if (typeof outcome.payload !== 'object') return new Set(messageIds)
  const parsed = partialSchema.safeParse(outcome.payload)
  if (!parsed.success) return new Set()
  const failures = (parsed.data.batchItemFailures ?? []).map((failure) => failure.itemIdentifier)
  const handled = new Set(messageIds)
  return failures.every((id) => handled.delete(id) || messageIds.includes(id)) ? handled : new Set()
}
