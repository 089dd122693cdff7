import { type Findings, type FoundContext, inPieces, packPiece } from '../process/found/found.ts'
import type { SyncServices } from './services.ts'

type Numbered = { run: string; parts: number }

/**
 * Hands findings over to the consumer, each message written down before it is sent; answers with the run that knows of them.
 * A step that is repeated uses the same numbers again, so nothing is waited for twice.
 */
export async function handOver<Run extends Numbered>(
  job: 'backfill' | 'sweep' | 'census',
  run: Run,
  findings: Findings,
  context: FoundContext,
  services: SyncServices,
): Promise<Run> {
  const { clock, connection, parts } = services
  const pieces = inPieces(findings)
  const numbers = pieces.map((_, i) => run.parts + 1 + i)
  const sentAt = clock.now()
  await parts.open(job, run.run, numbers, sentAt)
  const arrival = { connection: connection.name, receivedAt: sentAt }
  await services.handOver(
    pieces.map((piece, i) =>
      packPiece(arrival, context, { job, run: run.run, number: numbers[i] ?? 0, sentAt }, piece),
    ),
  )
  return { ...run, parts: run.parts + pieces.length }
}

/** Nothing at all, for a message that only shows how far the queue has been worked off. */
export const NOTHING: Findings = {}
