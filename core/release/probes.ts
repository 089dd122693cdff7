import { ANSWERS } from '../ingest/answers.ts'
import { SIGNATURE_HEADER, sign } from '../ingest/signature.ts'
import { testDelivery } from '../ingest/test-delivery.ts'
import type { Slot } from '../platform/connections.ts'
import { WEBHOOK_ROUTE } from '../platform/names.ts'
import type { SigningSecret } from '../secrets/signing.ts'

/** One question to the verifier, and the only right answer. */
export type Probe = {
  /** For a person: `main/a, signed`. */
  what: string
  /** As API Gateway would hand it over. */
  event: Readonly<Record<string, unknown>>
  expected: { status: number; body: unknown }
}

type Address = { connection: string; slot: Slot }

/** A key that is nobody's: what it signs is forged. */
const NOBODYS_KEY = 'nobody signs with this'

/**
 * What a verifier has to tell apart: a delivery signed as ClickUp signs, for every webhook of every connection; one that is
 * signed with another key; and a body that is no delivery and has no signature. None of them is queued, whatever the verifier
 * makes of it, as long as it keeps to the answers: a test ends at the verifier, and what is refused goes nowhere.
 *
 * @param signing what each connection's signing secret holds
 * @param nonce new for each body
 * @returns also the connections without a webhook, of which only refusals can be asked
 */
export function probesOf(
  signing: ReadonlyMap<string, SigningSecret>,
  { nonce, now }: { nonce(): string; now: number },
): { probes: Probe[]; unconnected: string[] } {
  const probes: Probe[] = []
  const unconnected: string[] = []
  let first: Address | undefined
  for (const [connection, { slots }] of signing) {
    const addresses = SLOTS.map((slot) => ({ connection, slot })).filter(({ slot }) => hasKey(slots[slot]))
    if (addresses.length === 0) unconnected.push(connection)
    for (const address of addresses) {
      const { webhookId, secret = '' } = slots[address.slot] ?? {}
      const body = testDelivery(webhookId ?? '', nonce())
      const event = eventOf(address, body, signed(body, secret), now)
      probes.push({ what: `${connection}/${address.slot}, signed`, event, expected: ANSWERS.tested })
    }
    // A slot with a secret asks more: there a key is compared.
    first ??= addresses[0]
  }
  const address = first ?? { connection: [...signing.keys()][0] ?? 'main', slot: 'a' }
  const where = `${address.connection}/${address.slot}`
  const forged = testDelivery('forged', nonce())
  probes.push(
    {
      what: `${where}, signed with another key`,
      event: eventOf(address, forged, signed(forged, NOBODYS_KEY), now),
      expected: ANSWERS.refused,
    },
    { what: `${where}, no JSON and no signature`, event: eventOf(address, '{', {}, now), expected: ANSWERS.refused },
  )
  return { probes, unconnected }
}

const SLOTS = ['a', 'b'] as const satisfies readonly Slot[]

const hasKey = (slot: { secret: string } | undefined) => slot !== undefined && slot.secret !== ''

const signed = (body: string, secret: string) => ({ [SIGNATURE_HEADER]: sign(Buffer.from(body), secret) })

/**
 * An HTTP API's event, payload format 2.0:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function eventOf({ connection, slot }: Address, body: string, headers: Record<string, string>, now: number) {
  const routeKey = `POST ${WEBHOOK_ROUTE}`
  const path = WEBHOOK_ROUTE.replace('{connection}', connection).replace('{slot}', slot)
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
    requestContext: {
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'hookline-check-release' },
      requestId: 'check-release',
      routeKey,
      stage: '$default',
      timeEpoch: now,
    },
    pathParameters: { connection, slot },
    body,
    isBase64Encoded: false,
  }
}
