import { type Connection, connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import type { AwsGateway } from '../aws/gateway.ts'
import type { Connected } from '../connect.ts'
import type { LocalDetails } from '../local-file.ts'
import type { RunningStack } from '../stack/stack.ts'
import type { Credentials } from './clients.ts'

export type Configured = {
  stage: string
  /** The first connection, which is the one that is made here. */
  connection: Connection
  /** The names of the others. */
  others: string[]
}

/** The stage and the connections of the template, as its functions are told them. */
export function configuredIn(stack: RunningStack): Configured {
  const environment = stack.functions.find((one) => ENV.connections in one.environment)?.environment ?? {}
  const shape = { [ENV.stage]: nameSchema, [ENV.connections]: jsonVariable(connectionsSchema) }
  const { [ENV.stage]: stage, [ENV.connections]: connections } = parseEnv(shape, environment)
  const [first, ...others] = connections
  if (first === undefined) throw new Error('The template has no connection')
  return { stage, connection: first, others: others.map(({ name }) => name) }
}

/** @throws Error for an output that the template lacks */
export function output(stack: RunningStack, name: string): string {
  const value = stack.outputs[name]
  if (value === undefined) throw new Error(`The template has no output ${name}`)
  return value
}

/** What another program needs to know of the system. */
export function detailsOf(of: {
  stack: RunningStack
  gateway: AwsGateway
  connected: Connected
  stage: string
  connection: string
  clickupUrl: string
  credentials: Credentials
}): LocalDetails {
  const { stack, gateway, connected } = of
  const { url } = gateway
  const jobs = stack.outputs['JobsQueueUrl']
  const guard = stack.outputs['GuardQueueUrl']
  const standup = stack.outputs['StandupQueueUrl']
  const version = stack.outputs['Version']
  const archiveBucket = stack.outputs['ArchiveBucket']
  return {
    stage: of.stage,
    ...(version === undefined ? {} : { version }),
    // Not the output: with a custom domain that is an address that does not lead here.
    apiUrl: stack.apiUrl,
    webhookUrl: connected.webhookUrl,
    connection: of.connection,
    slot: connected.slot,
    signingSecret: connected.signingSecret,
    clickupUrl: of.clickupUrl,
    endpoints: { dynamodb: url, sqs: url, secretsmanager: url, events: url, logs: url },
    tables: {
      ledger: output(stack, 'LedgerTable'),
      tasks: output(stack, 'TasksTable'),
      state: output(stack, 'StateTable'),
    },
    queues: {
      deliveries: output(stack, 'DeliveriesQueueUrl'),
      quarantine: output(stack, 'QuarantineQueueUrl'),
      ...(jobs === undefined ? {} : { jobs }),
      ...(guard === undefined ? {} : { guard }),
      ...(standup === undefined ? {} : { standup }),
    },
    busName: output(stack, 'EventBusName'),
    ...(archiveBucket === undefined ? {} : { archiveBucket }),
    credentials: of.credentials,
    region: gateway.region,
    pid: process.pid,
  }
}
