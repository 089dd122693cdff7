import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { CLICKUP_API_URL } from '../../core/clickup/client.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createPartStore } from '../../core/process/found/parts.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { createPending } from '../../core/process/pending.ts'
import { createPublishNotice } from '../../core/publish/notice.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { type Job, jobSender } from '../../core/sync/job.ts'
import type { SyncServices } from '../../core/sync/services.ts'
import { syncSettingsSchema } from '../../core/sync/settings.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { type Platform, systemPlatform } from '../consumer/platform.ts'
import { createClickUps } from '../shared/clickup.ts'

export type Sync = ReturnType<typeof buildSync>

/** When an invocation begins no more steps, and when it is cut off (ms since 1970). */
type Times = { stepUntil: number; endsAt: number }

/** Wires backfill, sweep and census from the environment. @throws Error that says which variable is wrong. */
export function buildSync(source: Record<string, string | undefined> = process.env, given?: Platform) {
  const env = parseEnv(
    {
      [ENV.stage]: nameSchema,
      [ENV.connections]: jsonVariable(connectionsSchema),
      [ENV.syncSettings]: jsonVariable(syncSettingsSchema),
      [ENV.tasksTable]: z.string().min(1),
      [ENV.stateTable]: z.string().min(1),
      [ENV.deliveriesQueueUrl]: z.url(),
      [ENV.jobsQueueUrl]: z.url(),
      [ENV.guardQueueUrl]: z.url(),
      [ENV.busName]: z.string().min(1),
      [ENV.clickupApiUrl]: z.url().default(CLICKUP_API_URL),
    },
    source,
  )
  const stage = env[ENV.stage]
  const platform = given ?? systemPlatform('sync', stage)
  const { clock, dynamo, log, metrics, sqs } = platform
  const state = { dynamo, table: env[ENV.stateTable] }
  const tasksTable = { dynamo, table: env[ENV.tasksTable] }
  const connections = env[ENV.connections]
  const clickups = createClickUps(
    { stage, connections, stateTable: state.table, clickupUrl: env[ENV.clickupApiUrl] },
    platform,
  )
  // What is found goes where deliveries go; nothing of it is ever set aside from here.
  const mailbox = createMailbox(sqs, { deliveries: env[ENV.deliveriesQueueUrl], quarantine: '' })
  const sendJob = jobSender(sqs, env[ENV.jobsQueueUrl])
  const common = {
    ...{ clock, log, metrics, state, tasksTable, sendJob },
    sendGuard: jobSender(sqs, env[ENV.guardQueueUrl]),
    settings: env[ENV.syncSettings],
    pause: clickups.pause,
    tasks: createTaskStore(tasksTable),
    worklog: createWorklogStore(tasksTable),
    gaps: createGapStore(state),
    publishNotice: createPublishNotice({ client: platform.events, busName: env[ENV.busName] }),
    newRun: randomUUID,
    handOver: async (messages: Parameters<SyncServices['handOver']>[0]) => {
      const refused = await mailbox.sendAgain(messages.map((message) => ({ message, delaySeconds: 0 })))
      const reason = refused.find((each) => each !== null)
      if (reason !== undefined) throw new Error(`What was found could not be queued: ${reason}`)
    },
  }

  return {
    ...{ clock, log, metrics, sendJob, pause: clickups.pause },
    connections: connections.map(({ name }) => name),
    servicesOf(name: string, job: Job['job'], times: Times): SyncServices {
      const connection = clickups.connection(name)
      if (connection === undefined) throw new Error(`The connection ${name} is not configured`)
      const lane = job === 'backfill' ? 'backfill' : 'sweep'
      return {
        ...common,
        ...times,
        connection,
        clickup: clickups.of(name, { lane, deadline: times.endsAt }),
        record: () => clickups.record(name),
        parts: createPartStore({ ...state, connection: name }),
        pending: createPending({ ...state, connection: name }),
      }
    },
  }
}
