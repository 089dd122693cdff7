import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import * as z from 'zod'
import { parseJson } from '../../../core/platform/json.ts'
import type { AwsGateway } from '../../../local/aws/gateway.ts'

/** Node tells of every request that a server of this process receives: https://nodejs.org/api/diagnostics_channel.html#http */
const REQUESTS = 'http.server.request.start'
const requestSchema = z.object({ request: z.object({ headers: z.record(z.string(), z.unknown()) }) })
const writtenSchema = z.object({ SecretString: z.string() })

export type SecretsSeen = {
  /** Tokens and signing secrets that anybody has stored or sent, and what else was named; what they are, by value. */
  secrets: ReadonlyMap<string, ReadonlySet<string>>
  /** Signatures that anybody has sent, right or wrong. */
  signatures: ReadonlySet<string>
  /** What was sent to AWS, to other services than the one for secrets: its name, and the call as JSON. */
  calls: readonly { service: string; text: string }[]
  name(what: string, value: string): void
  stop(): void
}

/**
 * Takes down every secret that goes to Secrets Manager and every signature and authorization that comes in at a server of this
 * process, where all of them are: ClickUp, the public route and AWS.
 */
export function watchSecrets(): SecretsSeen & { watch(gateway: Pick<AwsGateway, 'intercept'>): void } {
  const secrets = new Map<string, Set<string>>()
  const signatures = new Set<string>()
  const calls: { service: string; text: string }[] = []

  const name = (what: string, value: string) => {
    secrets.set(value, (secrets.get(value) ?? new Set()).add(what))
  }
  const onRequest = (message: unknown) => {
    const { headers } = requestSchema.parse(message).request
    const { 'x-signature': signature, authorization } = headers
    if (typeof signature === 'string' && /^[0-9a-f]{64}$/.test(signature)) signatures.add(signature)
    // Requests to AWS carry a signature of their own kind.
    if (typeof authorization === 'string' && !authorization.startsWith('AWS4-'))
      name('an authorization', authorization.replace(/^Bearer /, ''))
  }
  subscribe(REQUESTS, onRequest)
  name('an authorization for AWS', 'AWS4-HMAC-SHA256')

  return {
    ...{ secrets, signatures, calls, name },
    stop: () => void unsubscribe(REQUESTS, onRequest),
    watch(gateway) {
      gateway.intercept(({ service, action, body }) => {
        if (service !== 'secretsmanager') calls.push({ service, text: JSON.stringify(body) })
        const written = writtenSchema.safeParse(body)
        if (written.success) for (const [what, value] of secretsIn(written.data.SecretString)) name(what, value)
        if (service === 'secretsmanager' && action.endsWith(':PutSecretValue') && !written.success)
          throw new Error('A secret was written in a form that is not understood here')
      })
    },
  }
}

function* secretsIn(text: string): Generator<[what: string, value: string]> {
  const walk = function* (value: unknown): Generator<[string, string]> {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && inner !== '' && (key === 'secret' || key === 'token'))
        yield [`a stored ${key}`, inner]
      else yield* walk(inner)
    }
  }
  yield* walk(parseJson(text))
}

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g
const SIGNATURE = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g

/** What of it stands in a text, as it is or in base64 at any place. */
export function leaksIn(text: string, { secrets, signatures }: Pick<SecretsSeen, 'secrets' | 'signatures'>): string[] {
  const found = new Set<string>()
  const look = (given: string) => {
    for (const [value, kinds] of secrets) if (given.includes(value)) for (const what of kinds) found.add(what)
    for (const [run] of given.matchAll(SIGNATURE)) if (signatures.has(run)) found.add('a signature')
  }
  look(text)
  for (const [run] of text.matchAll(BASE64)) look(Buffer.from(run, 'base64').toString('latin1'))
  return [...found]
}
