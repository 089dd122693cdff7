import * as z from 'zod'
import type { SigningSecret } from '../secrets/signing.ts'
import { type Probe, probesOf } from './probes.ts'

/** What came of an invocation. `refused`: we may not invoke it, or not yet. */
export type Invoked =
  | { kind: 'answered'; payload: unknown }
  | { kind: 'failed'; reason: string }
  | { kind: 'refused'; reason: string }

export type CheckServices = {
  /** Of the config. */
  connections: readonly string[]
  /** What a connection's signing secret holds. Rejects when it cannot be read. */
  signing(connection: string): Promise<SigningSecret>
  /** Invokes the new version and waits for its answer. */
  invoke(event: unknown): Promise<Invoked>
  nonce(): string
  clock: { now(): number }
  sleep(ms: number): Promise<void>
}

export type Verdict =
  | { kind: 'passed'; asked: number; unconnected: string[] }
  | { kind: 'failed'; reasons: string[]; unconnected: string[] }

/** IAM takes some seconds until a right is in force everywhere, and the right to invoke a version comes with the version. */
const RIGHT_IN_FORCE_MS = 30_000
const RETRY_MS = 3_000
/** So many tell enough, and a version that hangs at each question must not outlast who asks. */
const MOST_REASONS = 3

/** A proxy's answer; the verifier's headers are of no interest here. */
const answerSchema = z.looseObject({ statusCode: z.number(), body: z.string() })

/**
 * Whether a version of the verifier tells what is ClickUp's from what is not. It is asked from outside, by somebody who knows
 * the secrets: a version that tested itself would find itself in order.
 * One question after the other, so that one process answers and the first alone starts cold.
 */
export async function checkVerifier(services: CheckServices): Promise<Verdict> {
  const { connections, clock, nonce } = services
  const read = await Promise.all(
    connections.map(async (name): Promise<[string, SigningSecret]> => [name, await services.signing(name)]),
  )
  const { probes, unconnected } = probesOf(new Map(read), { nonce, now: clock.now() })
  const until = clock.now() + RIGHT_IN_FORCE_MS
  const reasons: string[] = []
  for (const probe of probes) {
    if (reasons.length === MOST_REASONS) break
    const reason = wrongIn(probe, await invokeOnceAllowed(probe, until, services))
    if (reason !== null) reasons.push(`${probe.what}: ${reason}`)
  }
  return reasons.length > 0
    ? { kind: 'failed', reasons, unconnected }
    : { kind: 'passed', asked: probes.length, unconnected }
}

async function invokeOnceAllowed({ event }: Probe, until: number, services: CheckServices): Promise<Invoked> {
  for (;;) {
    const invoked = await services.invoke(event)
    if (invoked.kind !== 'refused' || services.clock.now() + RETRY_MS > until) return invoked
    await services.sleep(RETRY_MS)
  }
}

/** Null for the answer that was expected. The answers hold no secret. */
function wrongIn({ expected }: Probe, invoked: Invoked): string | null {
  const wanted = `${expected.status} ${JSON.stringify(expected.body)}`
  if (invoked.kind !== 'answered') return `${invoked.reason}, and ${wanted} was expected`
  const { success, data } = answerSchema.safeParse(invoked.payload)
  if (!success) return `the answer is none of an HTTP API, and ${wanted} was expected`
  const got = `${data.statusCode} ${data.body.slice(0, 200)}`
  return got === wanted ? null : `answered ${got}, and ${wanted} was expected`
}
