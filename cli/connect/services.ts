import { randomUUID } from 'node:crypto'
import { createClickUp } from '../../core/clickup/client.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import type { GuardServices } from '../../core/guard/guard.ts'
import { WAIT_MS } from '../../core/guard/make.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { onTrial } from '../../core/rotation/token-trial.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import { jobSender } from '../../core/sync/job.ts'
import type { TokenSource } from '../../core/upstream/credential.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import { type Io, sleepOf } from '../io.ts'
import type { Home, Target } from '../target.ts'

/** What happens here is told to whoever runs the command. */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Looks after the webhooks of a connection from here, in the functions' own budget.
 * @param token one that is not stored yet; without it the stored one is used
 */
export function guardServices(
  { io, target, home, connection }: { io: Io; target: Target; home: Home; connection: string },
  token?: string,
): GuardServices & { clickup: ReturnType<typeof createClickUp> } {
  const clock = { now: io.now }
  const sleep = sleepOf(io)
  const state = { dynamo: target.dynamo, table: target.tables.state }
  const common = { clock, random: Math.random, sleep }
  const planLimit = async () => (await loadConnection(state, connection).catch(() => null))?.callsPerMinute ?? null
  const gate = createClickUpGate({ ...common, state, connection, planLimit, log: silent })
  const clickupBy = (source: TokenSource, passing: Gate) =>
    createClickUp({
      ...common,
      baseUrl: home.clickupUrl,
      token: source,
      fetch: (address, init) => fetch(address, init),
      gate: passing,
      lane: 'control',
    })
  return {
    connection,
    state,
    signing: createSigningStore(target.secrets, signingSecretName(home.stage, connection), sleep),
    clickup: clickupBy(token === undefined ? stored(target, home, connection) : given(token), gate),
    formerClickUp: async () => {
      const credential = await stored(target, home, connection, 'AWSPREVIOUS')().catch(() => null)
      return credential === null ? null : clickupBy(async () => credential, onTrial(gate))
    },
    apiUrl: home.apiUrl,
    sendJob: jobSender(target.sqs, home.jobs),
    clock,
    log: silent,
    waitMs: WAIT_MS.soon,
    tokenLifeMs: 0,
    holder: randomUUID(),
  }
}

/** A name of its own, so that what was refused of another token says nothing of it. */
function given(token: string): TokenSource {
  const credential = { token, version: randomUUID() }
  return async () => credential
}

function stored(
  { secrets }: Target,
  { stage }: Home,
  connection: string,
  label: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT',
): TokenSource {
  const read = versionedSecrets(secrets, label)
  return async () => {
    const { text, version } = await read(tokenSecretName(stage, connection))
    const { token } = parseTokenSecret(text)
    return token === null ? null : { token, version }
  }
}
