import * as z from 'zod'
import type { Through } from '../../local/virtual/aws/in-process.ts'
import { TABLES } from '../../local/virtual/aws/tables.ts'

const batchSchema = z.looseObject({ RequestItems: z.record(z.string(), z.unknown()) })

/** A ledger that shows nobody what is done: each twin that comes apart tries to claim, and is refused at the price of a write. */
export const forgetfulLedger =
  (through: Through): Through =>
  (call, next) => {
    const batch = call.name === 'BatchGetItem' ? batchSchema.safeParse(call.input) : undefined
    if (batch?.success !== true || !(TABLES.ledger in batch.data.RequestItems)) return through(call, next)
    return { Responses: { [TABLES.ledger]: [] }, UnprocessedKeys: {} }
  }
