import * as z from 'zod'
import type { Health } from '../../core/status/health.ts'
import { HEALTH_LIFE_MS } from '../../core/status/read-health.ts'
import { buildHealth } from './services.ts'

let built: ReturnType<typeof buildHealth> | undefined

/** An HTTP API's event, payload format 2.0, as far as it is used. */
const eventSchema = z
  .looseObject({ requestContext: z.looseObject({ http: z.looseObject({ method: z.string() }) }) })
  .transform(({ requestContext }) => requestContext.http.method)
  .catch('GET')

const HEADERS = {
  'content-type': 'application/json',
  // No longer than it is kept here: whoever stands between asks as seldom as we read.
  'cache-control': `max-age=${HEALTH_LIFE_MS / 1_000}`,
}

/** Only `down` is a failure to whoever looks at nothing but the status: a degraded stage still does its work. */
const STATUS_CODES = { healthy: 200, degraded: 200, down: 503 } as const satisfies Record<Health['status'], number>

export const handler = async (event: unknown) => {
  built ??= buildHealth()
  const health = await built()
  const body = eventSchema.parse(event) === 'HEAD' ? '' : JSON.stringify(health)
  return { statusCode: STATUS_CODES[health.status], headers: HEADERS, body }
}
