import { randomUUID } from 'node:crypto'
import type { GuardServices } from '../../core/guard/guard.ts'
import { waitsOf } from '../../core/guard/make.ts'
import type { SendJob } from '../../core/sync/job.ts'
import { TOKEN_CACHE } from '../shared/clickup.ts'
import type { WorkerPlatform } from '../shared/platform.ts'
import { webhookWorker } from '../shared/webhook-worker.ts'

export type Guard = ReturnType<typeof buildGuard>

/** Wires the guard from its environment. @throws Error that says which variable is wrong. */
export function buildGuard(source: Record<string, string | undefined> = process.env, given?: WorkerPlatform) {
  const worker = webhookWorker('guard', source, given)
  const { platform, state, clickups, apiUrl, cache, sendJob, sendGuard } = worker
  const { clock, log, metrics } = platform

  return {
    clock,
    log,
    metrics,
    sendGuard,
    pause: clickups.pause,
    tokenSince: clickups.tokenSince,
    connections: worker.connections,
    /** Made anew for each run, which is the holder of the lock. `deadline`: when every call to ClickUp must have ended. */
    servicesOf: (connection: string, deadline: number): GuardServices & { sendGuard: SendJob } => ({
      connection,
      state,
      signing: worker.signingOf(connection),
      clickup: clickups.of(connection, { lane: 'control', deadline, fresh: true }),
      formerClickUp: () => clickups.former(connection, { lane: 'control', deadline }),
      apiUrl,
      sendJob,
      sendGuard,
      clock,
      log,
      // A missing webhook loses deliveries every minute.
      waitMs: waitsOf(cache).soon,
      lingerMs: cache.lingerMs,
      tokenLifeMs: TOKEN_CACHE.lifeMs,
      pausedSince: clickups.pause.pausedSince,
      holder: randomUUID(),
    }),
  }
}
