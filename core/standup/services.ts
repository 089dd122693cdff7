import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ClickUp } from '../clickup/client.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { PublishNotice } from '../publish/notice.ts'
import type { StandupJobInput } from './job.ts'
import type { AskModel } from './model/model.ts'
import type { Prompt } from './say/prompts.ts'
import type { StandupSettings } from './settings.ts'

/** Everything that summaries and recipes need, passed in: by the function, and by the command. */
export type StandupServices = {
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'count'>
  settings: StandupSettings
  dynamo: DynamoDBDocumentClient
  tables: { ledger: string; tasks: string; state: string }
  /** Says why not where no model is configured. */
  ask: AskModel
  /** A prompt by its path under `prompts`, without the ending. @throws Error that names the file */
  prompt(name: string): Promise<Prompt>
  /** ClickUp of a connection, in the lane of what is at work. @throws Error for a connection that is not configured */
  clickupOf(connection: string): Pick<ClickUp, 'get' | 'send'>
  /** Id of the connection's own user; null while it is not known. */
  selfOf(connection: string): Promise<string | null>
  publishNotice: PublishNotice
  /** Puts jobs on the standup queue. */
  sendJobs(jobs: readonly StandupJobInput[]): Promise<void>
  /** Names this worker and no other. */
  owner: string
}
