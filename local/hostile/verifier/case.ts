import { signatureOf } from '../../clickup/webhooks/post.ts'

/** What must become of a request. Several where the promise leaves it open; what is accepted has to be exactly `bytes`. */
export type Expected = 'accepted' | 'filtered' | 'tested' | 'refused' | 'tooLarge'

/** A request as API Gateway would hand it to the function, or something that it never would. */
export type Request = {
  event: unknown
  expected: readonly Expected[]
  /** What was signed, where it may be accepted. */
  bytes?: Buffer
  /** Texts that no line may contain: they stand in the body, in the headers or in the address. */
  planted: readonly string[]
}

/** Made when it is tried: many are as large as a body may be. */
export type Case = { readonly name: string; readonly make: () => Request }

export const CONNECTION = 'acme'
/** Keeps status changes of one list; everything else is left out. */
export const CHOOSY = 'choosy'
export const CHOOSY_LIST = '901'
/** Put together at run time: what looks like a secret does not stand in a file. */
export const SECRET = ['signing', 'key', 'of', 'slot', 'a'].join('.')
/** In bodies: whatever is written of it would be a leak. */
export const PLANTED = 'planted-in-the-body'

type Changes = {
  secret?: string
  slot?: string
  connection?: string
  /** As text: API Gateway decides by the content type, and ClickUp sends JSON. */
  asText?: boolean
  headers?: Record<string, unknown>
}

/** A request with a body, signed as ClickUp signs unless another secret is given. */
export function request(body: string | Buffer, changes: Changes = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const { secret = SECRET, slot = 'a', connection = CONNECTION, asText = typeof body === 'string' } = changes
  const signature = signatureOf(bytes, secret)
  const event = {
    version: '2.0',
    routeKey: 'POST /webhooks/clickup/{connection}/{slot}',
    headers: { 'content-type': 'application/json', 'x-signature': signature, ...changes.headers },
    pathParameters: { connection, slot },
    requestContext: { requestId: 'Jh3kVhPlFiAEJxQ=' },
    body: bytes.toString(asText ? 'utf8' : 'base64'),
    isBase64Encoded: !asText,
  }
  return { event, bytes, planted: [signature, SECRET, PLANTED] }
}

/** Genuine and signed: it must be on the queue, byte for byte. */
export const genuine = (body: string | Buffer, changes: Changes = {}): Request => ({
  ...request(body, changes),
  expected: ['accepted'],
})

/** The same with another key: refused before anybody looks inside. */
export const forged = (body: string | Buffer, changes: Changes = {}): Request => ({
  ...request(body, { ...changes, secret: 'a guess' }),
  expected: ['refused'],
})

/** Each body signed and forged: what is inside must not matter to whoever cannot sign. */
export const bothWays = (name: string, body: () => string | Buffer, changes: Changes = {}): Case[] => [
  { name: `${name}, signed`, make: () => genuine(body(), changes) },
  { name: `${name}, forged`, make: () => forged(body(), changes) },
]

/** A delivery as ClickUp sends it, with the planted text in it. */
export const delivery = (over: Record<string, unknown> = {}) => ({
  event: 'taskCommentPosted',
  history_items: [
    {
      ...{ id: '3001', type: 1, date: '1789000000000', field: 'comment', parent_id: CHOOSY_LIST },
      user: { id: 183, username: PLANTED, email: `${PLANTED}@example.test` },
      comment: { id: '648', text_content: PLANTED, comment: [{ text: PLANTED }] },
    },
  ],
  ...{ task_id: '86cx41d2f', team_id: '9001', webhook_id: '7fa3ec74-69a8-4530-a251-8a13730bd204' },
  ...over,
})
