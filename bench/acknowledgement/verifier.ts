import type { AcceptServices } from '../../core/ingest/accept.ts'
import type { Enqueue } from '../../core/ingest/queue.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { createLogger, type Log } from '../../core/platform/log.ts'
import { createMetrics, type Metrics } from '../../core/platform/metrics.ts'
import { cached } from '../../core/secrets/cached.ts'
import { SIGNING_CACHE, type SigningSecret } from '../../core/secrets/signing.ts'

export const CONNECTION = 'main'

/** The verifier's services as they are wired in Lambda, but for where the secret comes from. */
export function verifierServices(secret: string, enqueue: Enqueue): AcceptServices {
  const signing: SigningSecret = { v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } }
  const known = knownSecrets()
  known.learn(JSON.stringify(signing))
  return {
    clock: systemClock,
    connections: new Map([[CONNECTION, { name: CONNECTION, filter: {}, storeComments: false, storeEmails: false }]]),
    secrets: cached(async () => signing, { clock: systemClock, ...SIGNING_CACHE }),
    enqueue,
    log: createLogger('verifier', { secrets: known }),
    metrics: createMetrics('prod'),
  }
}

const nothing = () => undefined
/** For what verification and decision take alone. */
export const SILENT: { log: Log; metrics: Metrics } = {
  log: { info: nothing, warn: nothing, error: nothing },
  metrics: { count: nothing, milliseconds: nothing, percent: nothing, flush: nothing },
}
