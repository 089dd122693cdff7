import { setTimeout as wait } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { createPauseWatch } from '../pause/watch.ts'
import { documents } from '../platform/aws/dynamodb.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import { createLogger, type Log } from '../platform/log.ts'
import { tokenSecretName } from '../platform/names.ts'
import { cached } from '../secrets/cached.ts'
import { versionedSecrets } from '../secrets/store.ts'
import { parseTokenSecret } from '../secrets/token.ts'
import type { Fetch } from '../upstream/exchange.ts'
import { type AddCommentOutcome, addComment, type CommentOptions } from './add-comment.ts'
import { CLICKUP_API_URL, createClickUp } from './client.ts'
import { loadConnection } from './connection-record.ts'
import type { FieldInput } from './field-body.ts'
import { createFieldSchemas } from './field-schemas.ts'
import { createClickUpGate } from './gate.ts'
import { type SetFieldOutcome, setCustomField } from './set-custom-field.ts'

export type WriterOptions = {
  stage: string
  connection: string
  /** May read and write items of the state table: the budget of API calls and the schemas of fields are there. */
  dynamo: DynamoDBClient
  stateTable: string
  /** May read the connection's token: the secret `hookline/{stage}/{connection}/token`. */
  secrets: SecretsManagerClient
  /** The limit as the config sets it, where it does: whoever shares a budget has to believe in the same one. */
  callsPerMinute?: number
  /** When every call must have ended, ms since 1970: of a Lambda function, some seconds before it is cut off. */
  deadline?: () => number
  /** @default https://api.clickup.com/api */
  clickupUrl?: string
  fetch?: Fetch
  clock?: Clock
  /** A number from 0 to 1, for jitter. */
  random?: () => number
  sleep?: (ms: number) => Promise<void>
  log?: Log
}

export type Writer = {
  /** Sets a custom field by its name or id; `null` clears it. */
  setCustomField(taskId: string, name: string, value: FieldInput): Promise<SetFieldOutcome>
  addComment(taskId: string, text: string, options?: CommentOptions): Promise<AddCommentOutcome>
}

const MINUTE = 60_000
const TOKEN_CACHE = { lifeMs: MINUTE, staleMs: 60 * MINUTE, pauseMs: 10_000, refreshEveryMs: 10_000 }

/**
 * A writer for a connection, to be made once per process. It keeps to the budget that all of Hookline's functions share, in
 * the write lane, and uses the connection's own token: what it changes comes back marked as Hookline's own.
 */
export function connectWriter(options: WriterOptions): Writer {
  const { stage, connection, stateTable, callsPerMinute, deadline, clickupUrl = CLICKUP_API_URL } = options
  const { clock = systemClock, random = Math.random, sleep = wait, log = createLogger('writer') } = options
  const state = { dynamo: documents(options.dynamo), table: stateTable }
  const read = versionedSecrets(options.secrets)
  const tokens = cached(
    async (name) => {
      const { text, version } = await read(tokenSecretName(stage, name))
      const { token } = parseTokenSecret(text)
      return token === null ? null : { token, version }
    },
    { clock, ...TOKEN_CACHE },
  )
  const records = cached((name) => loadConnection(state, name), { clock, ...TOKEN_CACHE })
  const planLimit = async () => (await records.get(connection))?.callsPerMinute ?? null
  const pause = createPauseWatch({ ...state, clock, log })
  const times = { clock, random, sleep: async (ms: number) => void (await sleep(ms)) }
  const clickup = createClickUp({
    baseUrl: clickupUrl,
    token: async (renew) => (renew ? (await tokens.refresh(connection)).value : tokens.get(connection)),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    gate: createClickUpGate({ state, connection, callsPerMinute, planLimit, pause, log, ...times }),
    lane: 'write',
    deadline,
    ...times,
  })
  const schemas = createFieldSchemas({ state, connection, clickup, clock })
  return {
    setCustomField: (taskId, name, value) => setCustomField({ clickup, schemas }, taskId, name, value),
    addComment: (taskId, text, over) => addComment(clickup, taskId, text, over),
  }
}
