import { type AcceptServices, accept } from '../../core/ingest/accept.ts'
import { toRequest } from './request.ts'
import { buildServices } from './services.ts'

let built: AcceptServices | undefined

/** Built once; a failure is not remembered, so that every invocation says what is wrong. */
function services(): AcceptServices {
  built ??= buildServices()
  return built
}

try {
  services()
} catch {
  // The first invocation fails with the same message, and its log line belongs to a request.
}

export const handler = async (event: unknown) => {
  const { metrics, ...rest } = services()
  try {
    const { status, body } = await accept(toRequest(event), { metrics, ...rest })
    return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  } finally {
    metrics.flush()
  }
}
