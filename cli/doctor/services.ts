import { randomUUID } from 'node:crypto'
import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { ConnectionLooks, DoctorServices } from '../../core/doctor/services.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import { VERSION } from '../../core/platform/version.ts'
import { canaryKey } from '../../core/process/canary.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { readStatus } from '../../core/status/status.ts'
import { createPost } from '../../functions/shared/post.ts'
import type { AlarmRow } from '../../infra/alarms/alarm.ts'
import { alarmName } from '../../infra/alarms/names.ts'
import { type Config, configSchema } from '../../infra/config.ts'
import { loadConfig } from '../../infra/load-config.ts'
import { guardServices } from '../connect/services.ts'
import { type Io, sleepOf } from '../io.ts'
import type { Home, Target } from '../target.ts'
import { awsLooks } from './aws-looks.ts'
import { sharedWith } from './shared-tokens.ts'
import { summaryLooks } from './summary-looks.ts'

/** What the doctor looks with, at the target's stage. */
export async function doctorServices(io: Io, target: Target): Promise<DoctorServices> {
  const home = await target.home()
  const clock = { now: io.now }
  // Loaded only here: no other command knows what alarms there are.
  const { alarmsOf, partsOf } = await import('../../infra/alarms/index.ts')
  // One that cannot be read has the defaults.
  const config = await loadConfig().catch(() => configSchema.parse({}))
  const status = await readStatus({ ...target, queues: await target.queues(), clock, stage: home.stage })
  return {
    stage: home.stage,
    version: { own: VERSION, deployed: home.version ?? null },
    status,
    aws: awsLooks(target.more, home.stage),
    ...rulesOf(home.stage, config, alarmsOf(partsOf(config))),
    of: (connection) => {
      const { filter } = config.connections.find(({ name }) => name === connection) ?? {}
      return looksAt(io, target, home, connection, filter?.spaces ?? [])
    },
    summaries: await summaryLooks(io, target, home.stage, config),
    clock,
    sleep: sleepOf(io),
    nonce: randomUUID,
  }
}

const DAY_MS = 86_400_000
/** So many rotations of a signing secret may fail before somebody is told of its age. */
const MISSED_ROTATIONS = 3

/** What should be there and how old a secret may be, as the config has it. */
function rulesOf(
  stage: string,
  { alarms, rotation }: Pick<Config, 'alarms' | 'rotation'>,
  rows: readonly AlarmRow[],
): Pick<DoctorServices, 'expectedAlarms' | 'tooOld'> {
  const tokenOld = alarms.thresholds.TokenOld ?? rows.find(({ name }) => name === 'TokenOld')?.threshold
  return {
    expectedAlarms: alarms.enabled ? rows.map(({ name }) => alarmName(stage, name)) : [],
    tooOld: {
      tokenMs: tokenOld ?? Number.POSITIVE_INFINITY,
      signingMs: MISSED_ROTATIONS * rotation.signingDays * DAY_MS,
    },
  }
}

function looksAt(
  io: Io,
  target: Target,
  home: Home,
  connection: string,
  keptSpaces: readonly string[],
): ConnectionLooks {
  const { dynamo, secrets, tables } = target
  const read = secretsManagerSource(secrets)
  const mark = (nonce: string) => ({ TableName: tables.ledger, Key: canaryKey(connection, nonce) })
  return {
    clickup: guardServices({ io, target, home, connection }).clickup,
    signing: async () => parseSigningSecret(await read(signingSecretName(home.stage, connection))),
    sharedWith: () => sharedWith(secrets, tokenSecretName(home.stage, connection)),
    keptSpaces,
    url: (slot) => webhookUrl(home.apiUrl, connection, slot),
    post: createPost({ fetch: (url, init) => fetch(url, init), timeout: (ms) => AbortSignal.timeout(ms) }),
    mark: {
      isThere: async (nonce) =>
        (await dynamo.send(new GetCommand({ ...mark(nonce), ConsistentRead: true }))).Item !== undefined,
      remove: async (nonce) => {
        await dynamo.send(new DeleteCommand(mark(nonce)))
      },
    },
  }
}
