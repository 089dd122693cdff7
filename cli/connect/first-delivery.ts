import * as z from 'zod'
import type { ReadLog } from '../function-log.ts'
import { type Io, sleepOf } from '../io.ts'
import { plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'

const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 2_000
/** The function's clock may be behind ours by so much. */
const BEHIND_MS = 5_000

/** What the verifier says of each request (`core/ingest/decision.ts`). */
const lineSchema = z.looseObject({
  decision: z.enum(['accepted', 'filtered', 'refused', 'unavailable']),
  reason: z.string().optional(),
  event: z.string().nullish(),
  connection: z.string().nullable(),
  slot: z.string().nullable(),
})

const REASONS: Readonly<Record<string, string>> = {
  signature: 'its signature is not that of the stored key',
  unknownSlot: 'there is no webhook at that address',
  shape: 'it carries no signature, so it is not from ClickUp',
  tooLarge: 'it is too large',
  secret: 'the signing secret could not be read',
  queue: 'the queue did not take it',
}

export type FirstDelivery = { at: number; event: string | null; refused: number } | { at: null; refused: number }

/** The name that the template gives to the verifier's log. */
const logGroupOf = (stage: string) => `/aws/lambda/hookline-${stage}-verifier`

/** Waits for the first delivery since `since`, and tells of every request that comes meanwhile. */
export async function awaitDelivery(
  io: Io,
  { readLog, stage, connection, since }: { readLog: ReadLog; stage: string; connection: string; since: number },
): Promise<FirstDelivery> {
  const until = io.now() + PATIENCE_MS
  const seen = new Set<string>()
  let refused = 0
  while (io.now() < until) {
    const left = Math.ceil((until - io.now()) / 1_000)
    io.progress?.(`Waiting for the first delivery, ${left}s: change something in ClickUp ...`)
    for (const { id, at, fields } of (await readLog(logGroupOf(stage), 'delivery', since - BEHIND_MS)) ?? []) {
      const line = lineSchema.safeParse(fields)
      if (!line.success || seen.has(id)) continue
      seen.add(id)
      const { decision, reason = '', event = null, slot } = line.data
      // Requests to addresses of no connection are told, too: ClickUp may have been given a wrong one.
      if (line.data.connection !== null && line.data.connection !== connection) continue
      io.progress?.(null)
      const when = timeText(at, { now: io.now(), utc: false })
      const where = slot === null ? '' : ` at slot ${slot}`
      if (decision === 'refused' || decision === 'unavailable') {
        refused += 1
        io.note(plain(`${when}  refused${where}: ${REASONS[reason] ?? reason}`))
        continue
      }
      io.note(
        plain(
          `${when}  ${event ?? 'a delivery'}${where}: ${decision === 'filtered' ? 'left out by the filter' : 'accepted'}`,
        ),
      )
      return { at, event, refused }
    }
    await sleepOf(io)(LOOK_EVERY_MS)
  }
  io.progress?.(null)
  return { at: null, refused }
}
