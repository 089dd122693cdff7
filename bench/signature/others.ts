import { verify } from '@octokit/webhooks-methods'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { sign } from '../../core/ingest/signature.ts'

/**
 * Who verifies signatures. Each is given what it needs before anything is measured: the body in the form that suits it best (a string
 * for those that would decode bytes), and a signature in its own format. Of each the function that only verifies, so nobody parses.
 */
export type Verifier = {
  readonly name: string
  prepare(text: string, secret: string): Prepared
}

/** Whether it lets a body in: with its own signature, and with one that was made with another secret. */
type Prepared = {
  genuine(): boolean | Promise<boolean>
  forged(): boolean | Promise<boolean>
}

/** GitHub's: HMAC-SHA-256 in hexadecimal digits over the body alone, like ClickUp's. Its only form is asynchronous. */
const octokit: Verifier = {
  name: '@octokit/webhooks-methods verify',
  prepare: (text, secret) => {
    const signed = (key: string) => `sha256=${sign(Buffer.from(text), key)}`
    const [own, other] = [signed(secret), signed(`${secret}x`)]
    return { genuine: () => verify(secret, text, own), forged: () => verify(secret, text, other) }
  },
}

/** Over the message's id, its time and the body; SHA-256 is written in JavaScript. `jsonParse: false` leaves out the parsing. */
const standardWebhooks: Verifier = {
  name: 'standardwebhooks Webhook.verify',
  prepare: (text, secret) => {
    const at = new Date()
    const webhook = new Webhook(secret, { format: 'raw' })
    const headers = (key: string) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key, { format: 'raw' }).sign('msg_1', at, text),
    })
    const ask = (given: Record<string, string>) => () =>
      passes(() => webhook.verify(text, given, { jsonParse: false }) === undefined)
    return { genuine: ask(headers(secret)), forged: ask(headers(`${secret}x`)) }
  },
}

/** Over the time and the body; `verifyHeader` is what `constructEvent` calls before it parses. */
const stripe: Verifier = {
  name: 'stripe signature.verifyHeader',
  prepare: (text, secret) => {
    const { signature: verifier } = Stripe.webhooks
    const at = Math.floor(Date.now() / 1_000)
    const header = (key: string) => `t=${at},v1=${sign(Buffer.from(`${at}.${text}`), key)}`
    const ask = (given: string) => () => passes(() => verifier?.verifyHeader(text, given, secret) === true)
    return { genuine: ask(header(secret)), forged: ask(header(`${secret}x`)) }
  },
}

export const OTHERS: readonly Verifier[] = [octokit, standardWebhooks, stripe]

/** They throw instead of saying no. */
function passes(ask: () => boolean): boolean {
  try {
    return ask()
  } catch {
    return false
  }
}
