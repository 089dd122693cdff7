import { randomUUID } from 'node:crypto'
import { createClickUp } from '../../core/clickup/client.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { createPublishNotice } from '../../core/publish/notice.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import type { AskModel } from '../../core/standup/model/model.ts'
import { readPrompt } from '../../core/standup/say/prompts.ts'
import type { StandupServices } from '../../core/standup/services.ts'
import type { StandupSettings } from '../../core/standup/settings.ts'
import { type Io, sleepOf } from '../io.ts'
import type { Target } from '../target.ts'
import { silent } from './model.ts'

/** What a summary is delivered with from here: the stage's tables and bus, and ClickUp in the functions' own budget. */
export async function deliveryServices(
  io: Io,
  target: Target,
  { settings, folder, ask }: { settings: StandupSettings; folder: string; ask: AskModel },
): Promise<StandupServices> {
  const { dynamo, tables } = target
  const state = { dynamo, table: tables.state }
  const [home, busName, events] = await Promise.all([target.home(), target.busName(), target.more.events()])
  const clock = { now: io.now }
  const common = { clock, random: Math.random, sleep: sleepOf(io) }
  const read = versionedSecrets(target.secrets)
  const recordOf = (connection: string) => loadConnection(state, connection).catch(() => null)
  return {
    ...{ clock, log: silent, metrics: { count: () => undefined }, settings, dynamo, tables, ask },
    prompt: (name) => readPrompt(folder, name),
    clickupOf: (connection) =>
      createClickUp({
        ...common,
        baseUrl: home.clickupUrl,
        token: async () => {
          const { text, version } = await read(tokenSecretName(home.stage, connection))
          const { token } = parseTokenSecret(text)
          return token === null ? null : { token, version }
        },
        fetch: (address, init) => fetch(address, init),
        gate: createClickUpGate({
          ...{ ...common, state, connection, log: silent },
          planLimit: async () => (await recordOf(connection))?.callsPerMinute ?? null,
        }),
        lane: 'write',
      }),
    selfOf: async (connection) => (await recordOf(connection))?.userId ?? null,
    publishNotice: createPublishNotice({ client: events, busName }),
    // Rounds of recipes are begun by their schedule, and nothing else puts jobs on the queue.
    sendJobs: () => Promise.reject(new Error('The command begins no rounds')),
    owner: randomUUID(),
  }
}
