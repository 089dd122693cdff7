import type { RotationRulesType } from '@aws-sdk/client-secrets-manager'
import type { AlarmDefinition } from '../aws/cloudwatch/alarm.ts'
import type { AwsGateway } from '../aws/gateway.ts'
import type { Statement } from '../aws/policy.ts'
import type { ApiRecord, IntegrationRecord, RouteRecord, StageRecord } from './http/routes.ts'
import type { FunctionDefinition } from './lambda/definition.ts'
import type { Expression } from './schedule/expression.ts'

export type QueueRecord = { path: string; name: string; url: string; arn: string; visibilitySeconds: number }
type NamedRecord = { path: string; name: string; arn: string }
export type RoleRecord = { name: string; arn: string; statements: Statement[] }

/** One `AWS::Lambda::Permission`: who may invoke a function, and on whose behalf. */
type PermissionRecord = {
  functionName: string
  principal: string
  sourceArn: string | undefined
  sourceAccount: string | undefined
}

/** One allowing statement of a queue's policy for an AWS service. */
type QueueGrant = { service: string; actions: string[]; queueArns: string[]; sourceArns: string[] }

/** A published version of a function, or a name that stands for one. */
type VersionRecord = { functionName: string; version: string; arn: string }
export type AliasRecord = {
  where: string
  path: string
  functionName: string
  name: string
  arn: string
  /** What stands behind it. */
  version: string
  /** How CodeDeploy moves it; undefined where CloudFormation does. */
  shift: { application: string; group: string; hookName: string | undefined } | undefined
}

/** What CodeDeploy moves aliases by, and as whom. */
type DeploymentGroupRecord = { application: string; name: string; roleArn: string }

export type EventSourceRecord = {
  where: string
  uuid: string
  functionName: string
  queueArn: string
  batchSize: number
  /** Seconds to wait for a batch to fill, 0 for none. */
  windowSeconds: number
  reportsFailures: boolean
  maximumConcurrency: number | undefined
  enabled: boolean
}

export type TargetRecord = {
  id: string
  arn: string
  input: string | undefined
  inputPath: string | undefined
  inputTransformer: { inputPathsMap: Record<string, string>; inputTemplate: string } | undefined
  deadLetterArn: string | undefined
  /** The role that the schedule's service takes on; rules invoke by resource policy instead. */
  roleArn: string | undefined
}

/** A rule (by pattern, by time, or both) or a schedule. */
export type TriggerRecord = {
  where: string
  path: string
  kind: 'rule' | 'schedule'
  name: string
  arn: string
  bus: string
  pattern: unknown
  expression: Expression | undefined
  targets: TargetRecord[]
}

type RotationRecord = {
  where: string
  path: string
  secret: NamedRecord
  functionArn: string
  /** As the template states them. */
  rules: RotationRulesType
  expression: Expression | undefined
  rotateNow: boolean
}

export type AlarmRecord = { where: string; definition: AlarmDefinition }

/** A topic, and for each policy of its own which services it lets do what. */
export type TopicRecord = NamedRecord & {
  policies: { services: string[]; actions: string[]; resources: string[] }[][]
}

/** How often an asynchronous invocation is repeated, and where it goes in the end. */
type AsyncRecord = { functionName: string; retries: number; failureArn: string | undefined }

/** What the template's resources have come to; the kinds fill it and `wire` makes it run. */
export type Deployment = {
  gateway: AwsGateway
  apiUrl: string
  queues: QueueRecord[]
  /** `indexes` are unknown of a table that is not the template's. */
  tables: (NamedRecord & { indexes?: readonly string[] })[]
  secrets: NamedRecord[]
  buses: NamedRecord[]
  roles: RoleRecord[]
  functions: FunctionDefinition[]
  versions: VersionRecord[]
  aliases: AliasRecord[]
  deploymentGroups: DeploymentGroupRecord[]
  permissions: PermissionRecord[]
  queueGrants: QueueGrant[]
  eventSources: EventSourceRecord[]
  triggers: TriggerRecord[]
  rotations: RotationRecord[]
  asyncSettings: AsyncRecord[]
  apis: ApiRecord[]
  stages: StageRecord[]
  routes: RouteRecord[]
  integrations: IntegrationRecord[]
  alarms: AlarmRecord[]
  topics: TopicRecord[]
  buckets: NamedRecord[]
}

export function emptyDeployment(gateway: AwsGateway, apiUrl: string): Deployment {
  return {
    gateway,
    apiUrl,
    queues: [],
    tables: [],
    secrets: [],
    buses: [],
    roles: [],
    functions: [],
    versions: [],
    aliases: [],
    deploymentGroups: [],
    permissions: [],
    queueGrants: [],
    eventSources: [],
    triggers: [],
    rotations: [],
    asyncSettings: [],
    apis: [],
    stages: [],
    routes: [],
    integrations: [],
    alarms: [],
    topics: [],
    buckets: [],
  }
}
