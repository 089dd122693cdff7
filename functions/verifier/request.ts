import * as z from 'zod'
import type { AcceptRequest } from '../../core/ingest/accept.ts'
import { deliveryIdSchema } from '../../core/ingest/message.ts'

/** An HTTP API's event, payload format 2.0, as far as it is used. Whatever is missing or wrong leaves a request that is refused. */
const eventSchema = z
  .looseObject({
    pathParameters: z.looseObject({ connection: z.string(), slot: z.string() }).catch({ connection: '', slot: '' }),
    headers: z.record(z.string(), z.string().optional()).catch({}),
    body: z.string().optional().catch(undefined),
    isBase64Encoded: z.boolean().catch(false),
    requestContext: z.looseObject({ requestId: deliveryIdSchema }).catch({ requestId: undefined }),
  })
  .catch({
    ...{ pathParameters: { connection: '', slot: '' }, headers: {}, body: undefined, isBase64Encoded: false },
    requestContext: { requestId: undefined },
  })

export function toRequest(event: unknown): AcceptRequest {
  const { pathParameters, headers, body, isBase64Encoded, requestContext } = eventSchema.parse(event)
  const { connection, slot } = pathParameters
  return { connection, slot, headers, body, isBase64: isBase64Encoded, deliveryId: requestContext.requestId }
}
