import { type AcceptServices, accept } from '../../core/ingest/accept.ts'
import { toRequest } from './request.ts'

/** From an HTTP API's event to its answer. The metrics are written whatever happens. */
export async function handle(event: unknown, services: AcceptServices) {
  try {
    const { status, body } = await accept(toRequest(event), services)
    return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  } finally {
    services.metrics.flush()
  }
}
