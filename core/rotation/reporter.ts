import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../platform/clock.ts'
import { loadReport, type Rotated, type RotationReport, saveReport } from './report.ts'

/** Tells operators how a rotation goes: the report of its secret in the state table. */
export type Reporter = {
  /** @param waitsUntil until when nothing else happens, ms since 1970 */
  running(run: string, detail: string, waitsUntil?: number | null): Promise<void>
  done(run: string, detail: string): Promise<void>
  failed(run: string, reason: string): Promise<void>
}

export function createReporter(
  state: { dynamo: DynamoDBDocumentClient; table: string },
  connection: string,
  rotated: Rotated,
  clock: Clock,
): Reporter {
  async function write(run: string, change: Pick<RotationReport, 'phase' | 'detail' | 'waitsUntil'>): Promise<void> {
    const before = await loadReport(state, connection, rotated)
    // A run that was given up may wake while its successor is at it: its end is nobody's news.
    if (change.phase !== 'running' && before?.phase === 'running' && before.run !== run) return
    // What is done is done: another invocation of the same step may still be at it, and find that there is nothing left.
    if (before?.run === run && before.phase === 'done') return
    const now = clock.now()
    const startedAt = before?.run === run ? before.startedAt : now
    const doneAt = change.phase === 'done' ? now : (before?.doneAt ?? null)
    await saveReport(state, connection, rotated, { run, startedAt, at: now, doneAt, ...change })
  }
  return {
    running: (run, detail, waitsUntil = null) => write(run, { phase: 'running', detail, waitsUntil }),
    done: (run, detail) => write(run, { phase: 'done', detail, waitsUntil: null }),
    failed: (run, detail) => write(run, { phase: 'failed', detail, waitsUntil: null }),
  }
}
