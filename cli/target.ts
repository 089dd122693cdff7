import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { CLICKUP_API_URL } from '../core/clickup/client.ts'
import { ENV } from '../core/platform/env-names.ts'
import { loadConfig } from '../infra/load-config.ts'
import { SynthError } from '../infra/synth-error.ts'
import { explain } from './aws-failure.ts'
import { findArchive, findBus, findHome, findQueues, findTables } from './aws-stack.ts'
import { openClients, type Place } from './clients.ts'
import { Failure } from './failure.ts'
import { functionLog, type ReadLog } from './function-log.ts'
import { findLocalStack, type LocalStack } from './local-stack.ts'
import { type MoreClients, moreClients } from './more-clients.ts'

/** What a command looks at: the local stack or one deployed stage. Nothing else knows which. */
export type Target = {
  /** For people: `local stack`, `prod in eu-west-1`. */
  label: string
  /** Name of the deployment; undefined for a local stack of an earlier version. */
  stage?: string | undefined
  connections: readonly string[]
  tables: { ledger: string; tasks: string; state: string }
  /** Asked for when wanted: the queues belong to a stack that may be away while the tables stand. */
  queues(): Promise<QueueUrls>
  /** Asked for when wanted: it is what only those need who change something. */
  home(): Promise<Home>
  /** Name of the bus that changes are published on. */
  busName(): Promise<string>
  /** Name of the bucket with the raw deliveries; null where none are kept. */
  archiveBucket(): Promise<string | null>
  /** Reads what a function has logged. */
  readLog: ReadLog
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  secrets: SecretsManagerClient
  /** Clients that few commands want. */
  more: MoreClients
}

/** `jobs` and `guard` are unknown of a stage of an earlier version; `standup` is there only where there are summaries or recipes. */
type QueueUrls = {
  deliveries: string
  quarantine: string
  jobs?: string | undefined
  guard?: string | undefined
  standup?: string | undefined
}

/** Where a stage is reached from outside, and what its secrets are called by. */
export type Home = {
  stage: string
  /** Base of every webhook's URL. */
  apiUrl: string
  /** Base of ClickUp's API. */
  clickupUrl: string
  /** URL of the jobs queue. */
  jobs: string
  /** What is deployed; undefined where that does not say. */
  version?: string | undefined
}

export type TargetChoice = { profile?: string | undefined; region?: string | undefined; stage?: string | undefined }

/**
 * Opens what the choice names, does something with it and closes it. Without a choice it is the local stack when one was
 * started here, else AWS.
 * @throws Failure in one line that says what to do, for what an operator can do something about
 */
export async function withTarget(choice: TargetChoice, cwd: string, use: (target: Target) => Promise<void>) {
  const isChosen = choice.profile !== undefined || choice.region !== undefined || choice.stage !== undefined
  const local = isChosen ? null : await findLocalStack(cwd)
  if (local !== null) {
    const { credentials, region, stage, connection, endpoints, tables, queues } = local
    const clients = openClients({ credentials, region }, endpoints)
    const label = 'local stack'
    const { more, close } = moreClients({ credentials, region }, endpoints.sqs)
    return used([clients, { close }], `the ${label}`, () =>
      use({
        ...{ ...clients, more, label, stage, connections: [connection], tables, queues: async () => queues },
        home: async () => localHome(local),
        busName: async () => localBus(local),
        archiveBucket: async () => local.archiveBucket ?? null,
        readLog: functionLog({ credentials, region }, endpoints.logs),
      }),
    )
  }
  const config = await loadConfig().catch((error: unknown) => {
    throw error instanceof SynthError ? new Failure(error.message.replaceAll('\n', ' ')) : error
  })
  const stage = choice.stage ?? config.stage
  const place: Place = {
    ...(choice.profile && { profile: choice.profile }),
    ...(choice.region && { region: choice.region }),
  }
  const clients = openClients(place)
  const { more, close } = moreClients(place)
  return used([clients, { close }], `the stage ${stage} on AWS`, async () => {
    const label = `${stage} in ${await clients.region()}`
    const connections = config.connections.map(({ name }) => name)
    const tables = await findTables(place, stage)
    const clickupUrl = process.env[ENV.clickupApiUrl] || CLICKUP_API_URL
    await use({
      ...{ ...clients, more, label, stage, connections, tables, queues: () => findQueues(place, stage) },
      home: async () => ({ stage, clickupUrl, ...(await findHome(place, stage)) }),
      busName: () => findBus(place, stage),
      archiveBucket: () => findArchive(place, stage),
      readLog: functionLog(place),
    })
  })
}

function localHome({ stage, apiUrl, clickupUrl, version, queues: { jobs } }: LocalStack): Home {
  if (stage !== undefined && apiUrl !== undefined && clickupUrl !== undefined && jobs !== undefined)
    return { stage, apiUrl, clickupUrl, jobs, version }
  throw new Failure(EARLIER)
}

function localBus({ busName }: LocalStack): string {
  if (busName !== undefined) return busName
  throw new Failure(EARLIER)
}

const EARLIER = 'The local stack is of an earlier version: end it and run npm start again.'

async function used(opened: readonly { close(): void }[], label: string, use: () => Promise<void>): Promise<void> {
  try {
    await use()
  } catch (error) {
    throw error instanceof Failure ? error : explain(error, label)
  } finally {
    for (const clients of opened) clients.close()
  }
}
