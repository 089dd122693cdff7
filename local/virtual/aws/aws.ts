import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { MAX_RECEIVES } from '../../../infra/timing.ts'
import type { Random } from '../../clickup/random.ts'
import { GUARD, QUEUES, SYNC, TIMING } from '../environment.ts'
import type { VirtualTime } from '../time.ts'
import { createMemoryDynamo, type MemoryDynamo } from './dynamo/dynamo.ts'
import { type BusEntry, createMemoryBus } from './events.ts'
import type { Caller } from './in-process.ts'
import { createMemorySecrets, type MemorySecrets } from './secrets.ts'
import type { QueueSettings } from './sqs/queue.ts'
import { createMemorySqs, type MemorySqs } from './sqs/sqs.ts'
import { TABLE_SCHEMAS } from './tables.ts'

export type AwsClients = {
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  events: EventBridgeClient
  secrets: SecretsManagerClient
}

/** What of AWS the functions use, in this process and in virtual time. */
export type VirtualAws = {
  dynamo: MemoryDynamo
  sqs: MemorySqs
  secrets: MemorySecrets
  /** Clients of their own for one container. */
  clients(caller: Caller): AwsClients
}

type Services = {
  time: VirtualTime
  random: Random
  onEntry: (entry: BusEntry) => void
  /** Lets a function take a step of a rotation. */
  onRotation: (lambdaArn: string, payload: unknown) => Promise<unknown>
}

export function createVirtualAws({ time, random, onEntry, onRotation }: Services): VirtualAws {
  const dynamo = createMemoryDynamo(TABLE_SCHEMAS)
  const bus = createMemoryBus(onEntry)
  const secrets = createMemorySecrets({ time, random, invoke: onRotation })
  const { visibilitySeconds } = TIMING
  const redrive = (to: string): NonNullable<QueueSettings['redrive']> => ({
    maxReceives: MAX_RECEIVES,
    to: ({ body, attributes }) => void sqs.queue(to).send(body, attributes, 0),
  })
  const sqs: MemorySqs = createMemorySqs(
    {
      [QUEUES.quarantine]: { visibilitySeconds },
      [QUEUES.deliveries]: { visibilitySeconds, redrive: redrive(QUEUES.quarantine) },
      [QUEUES.failedJobs]: { visibilitySeconds },
      [QUEUES.jobs]: { visibilitySeconds: SYNC.visibilitySeconds, redrive: redrive(QUEUES.failedJobs) },
      [QUEUES.failedGuardJobs]: { visibilitySeconds },
      [QUEUES.guard]: { visibilitySeconds: GUARD.visibilitySeconds, redrive: redrive(QUEUES.failedGuardJobs) },
    },
    { time, random },
  )
  return {
    dynamo,
    sqs,
    secrets,
    clients: (caller) => ({
      dynamo: dynamo.client(caller),
      sqs: sqs.client(caller),
      events: bus.client(caller),
      secrets: secrets.client(caller),
    }),
  }
}
