import * as z from 'zod'
import type { AcceptRequest } from '../../core/ingest/accept.ts'
import { deliveryIdSchema } from '../../core/ingest/message.ts'

const headersSchema = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null)

/**
 * An HTTP API's event, payload format 2.0, as far as it is used. As it always comes: nothing in it may be missing, so it takes a tenth
 * of the time of the other, which has to be taken then.
 */
const usualSchema = z.object({
  pathParameters: z.object({ connection: z.string(), slot: z.string() }),
  headers: headersSchema,
  body: z.string(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({ requestId: z.string() }),
})

/** Whatever is missing or wrong leaves a request that is refused. */
const anySchema = z
  .looseObject({
    pathParameters: z.looseObject({ connection: z.string(), slot: z.string() }).catch({ connection: '', slot: '' }),
    headers: headersSchema.catch({}),
    body: z.string().optional().catch(undefined),
    isBase64Encoded: z.boolean().catch(false),
    requestContext: z.looseObject({ requestId: z.string().optional() }).catch({ requestId: undefined }),
  })
  .catch({
    ...{ pathParameters: { connection: '', slot: '' }, headers: {}, body: undefined, isBase64Encoded: false },
    requestContext: { requestId: undefined },
  })

export function toRequest(event: unknown): AcceptRequest {
  const usual = usualSchema.safeParse(event)
  const { pathParameters, headers, body, isBase64Encoded, requestContext } = usual.success
    ? usual.data
    : anySchema.parse(event)
  const { connection, slot } = pathParameters
  const deliveryId = deliveryIdSchema.parse(requestContext.requestId)
  return { connection, slot, headers, body, isBase64: isBase64Encoded, deliveryId }
}
