import type { AcceptServices } from '../../core/ingest/accept.ts'
import { handle } from './handle.ts'
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

export const handler = async (event: unknown) => handle(event, services())
