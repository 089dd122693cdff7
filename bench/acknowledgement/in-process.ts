import { createHmac } from 'node:crypto'
import { sign } from '../../core/ingest/signature.ts'
import { handle } from '../../functions/verifier/handle.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { interleaved } from '../interleaved.ts'
import { commentDelivery, statusDelivery } from './deliveries.ts'
import { CONNECTION, SILENT, verifierServices } from './verifier.ts'

export type InProcess = { seed: number; secret: string; signedWith: string; quick: boolean }

/** Microseconds for a delivery of one size; `wrong` are answers other than 200. */
export type Taken = { name: string; bytes: number; floor: number; decided: number; whole: number; wrong: number }

/** The verifier's handler beside the floor: the HMAC of the same bytes, and one JSON.parse of the same text. */
export async function inProcess({ seed, secret, signedWith, quick }: InProcess): Promise<Taken[]> {
  const random = createRandom(seed)
  const deliveries = [
    { name: 'a status', body: statusDelivery(random) },
    { name: 'a comment', body: commentDelivery(random, 2_048) },
    { name: 'a comment', body: commentDelivery(random, 4_096) },
    { name: 'a comment', body: commentDelivery(random, 65_536) },
  ]
  const taken: Taken[] = []
  for (const { name, body } of deliveries) {
    const works = worksFor(body, { secret, signedWith })
    const times = await interleaved([works.floor, works.decided, works.whole], {
      rounds: quick ? 21 : 301,
      sliceMs: 1.5,
    })
    const [floor = 0, decided = 0, whole = 0] = times
    taken.push({ name, bytes: Buffer.byteLength(body), floor, decided, whole, wrong: works.wrong() })
  }
  return taken
}

/** What is done with a delivery: the floor; the handler without log line and metrics; and all of it. */
export function worksFor(body: string, { secret, signedWith }: { secret: string; signedWith: string }) {
  const bytes = Buffer.from(body)
  const event = eventOf(body, sign(bytes, signedWith))
  const services = verifierServices(secret, async () => undefined)
  const silent = { ...services, ...SILENT }
  let wrong = 0
  const answered = (given: typeof services) => () =>
    handle(event, given).then(({ statusCode }) => {
      if (statusCode !== 200) wrong += 1
    })
  const floor = () => {
    createHmac('sha256', secret).update(bytes).digest('hex')
    JSON.parse(body)
  }
  return { floor, decided: answered(silent), whole: answered(services), wrong: () => wrong }
}

/** As API Gateway gives it, payload format 2.0. */
const eventOf = (body: string, signature: string) => ({
  version: '2.0',
  routeKey: 'POST /webhooks/clickup/{connection}/{slot}',
  rawPath: `/webhooks/clickup/${CONNECTION}/a`,
  rawQueryString: '',
  headers: {
    accept: 'application/json, text/plain, */*',
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    host: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
    'user-agent': 'axios/1.7.9',
    'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000000',
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    'x-signature': signature,
  },
  requestContext: {
    ...{ accountId: '000000000000', apiId: 'abcdefghij', requestId: 'AbCdEfGhIjKlMnO=', stage: '$default' },
    http: { method: 'POST', path: `/webhooks/clickup/${CONNECTION}/a`, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
    ...{ time: '01/Mar/2026:08:00:00 +0000', timeEpoch: 1_772_352_000_000 },
  },
  pathParameters: { connection: CONNECTION, slot: 'a' },
  body,
  isBase64Encoded: false,
})
