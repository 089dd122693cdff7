import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { ENV } from '../../core/platform/env-names.ts'
import { bedrockResources } from '../../core/standup/model/bedrock.ts'
import type { Config } from '../config.ts'
import { acknowledge, acknowledgeKeys, acknowledgeModels } from '../nag.ts'
import { bundle } from './bundle.ts'
import { encryptionKeyOf, KEY_RIGHTS, KeyUse } from './encryption-key.ts'
import { secretArn } from './secret-arn.ts'

/** Actions of DynamoDB that change something. */
const WRITES = /:(?:Put|Update|Delete|BatchWrite|TransactWrite)/

/** What Lambda's own bootstrap leaves of a function's memory to the heap's old generation. */
const OLD_SPACE_SHARE = 0.9

type EnvName = (typeof ENV)[keyof typeof ENV]

/** A table that the stack made, or a restored one that stands for it. */
export type TableInUse = Pick<Table, 'tableArn' | 'tableName'>

export type HooklineFunctionProps = {
  /** The last part of its physical name, and by default the folder under `functions/` that holds its `handler.ts`. */
  name: string
  /**
   * The module that exports `handler`.
   * @default functions/{name}/handler.ts
   */
  entry?: string
  /** One line for the console. */
  description: string
  memoryMb: number
  timeoutSeconds: number
  config: Pick<Config, 'stage' | 'logDays' | 'encryptionKeyArn'>
  /**
   * Lets the function's own output come round to it. Lambda's loop detection ends a message's way after about 16 hops,
   * and a deferral is such a hop: whoever allows it bounds the loop by age and attempts.
   * @default false
   */
  allowRecursion?: boolean
  /**
   * Megabytes of a half of the heap's young generation: what is garbage at once piles up to three times that before it is collected.
   * @default - Lambda's: about a twentieth of the memory
   */
  semiSpaceMb?: number
  /**
   * Texts that lie beside the bundle, by their paths: what the function reads and what the environment has no room for.
   * @default {}
   */
  files?: Readonly<Record<string, string>>
}

/**
 * The one way to make a function: a role of its own that starts with nothing but its own log, and methods that give a right
 * and the environment variable which needs it together, so that neither can be forgotten or outlive the other.
 */
export class HooklineFunction extends Construct {
  readonly function: lambda.Function
  readonly role: Role
  /** The last part of its physical name. */
  readonly name: string
  readonly memoryMb: number
  readonly logGroup: LogGroup
  private readonly key: KeyUse

  constructor(scope: Construct, id: string, props: HooklineFunctionProps) {
    super(scope, id)
    this.name = props.name
    this.memoryMb = props.memoryMb
    const encryptionKey = encryptionKeyOf(this, props.config)
    const functionName = `hookline-${props.config.stage}-${props.name}`
    this.logGroup = new LogGroup(this, 'Logs', {
      ...(encryptionKey && { encryptionKey }),
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.config.logDays,
      // A fixed name that stayed behind would stop the next deployment of a stack that was once taken down.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.key = new KeyUse(this.role, props.config)
    // AWSLambdaBasicExecutionRole would allow every log group of the account, and to create them.
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.logGroup.logGroupArn)

    using code = bundle(props.entry ?? join(import.meta.dirname, '..', '..', 'functions', props.name, 'handler.ts'))
    for (const [path, content] of Object.entries(props.files ?? {})) {
      const file = join(code.directory, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: props.description,
      code: lambda.Code.fromAsset(code.directory),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      // INFO keeps `platform.report`, the only line that tells the time of a cold start.
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
      // A version that is no longer live can be pointed at again, by hand and at once. One whose release was taken back goes with it:
      // Lambda publishes nothing that equals the latest version, so CloudFormation could not make the same release a second time.
      // https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      recursiveLoop: props.allowRecursion ? lambda.RecursiveLoop.ALLOW : lambda.RecursiveLoop.TERMINATE,
    })
    if (props.semiSpaceMb !== undefined) {
      // Lambda's bootstrap leaves both to whoever sets one of them, so the other one is set as it would set it.
      const heap = [
        `--max-semi-space-size=${props.semiSpaceMb}`,
        `--max-old-space-size=${Math.floor(props.memoryMb * OLD_SPACE_SHARE)}`,
      ]
      this.function.addEnvironment('NODE_OPTIONS', heap.join(' '))
    }
    acknowledge(this.function, 'Serverless-LambdaDLQ', 'Serverless-LambdaTracing')
  }

  /** A value that names no resource and so needs no right. */
  knows(name: EnvName, value: string): this {
    this.function.addEnvironment(name, value)
    return this
  }

  /** @param actions on the table itself, not on its indexes */
  canUseTable(table: TableInUse, name: EnvName, actions: readonly string[]): this {
    this.key.allow(actions.some((action) => WRITES.test(action)) ? KEY_RIGHTS.writeTable : KEY_RIGHTS.readTable)
    return this.allow(actions, table.tableArn).knows(name, table.tableName)
  }

  /** @param actions on indexes of a table whose name it has from `canUseTable` */
  canUseIndexes(table: TableInUse, indexes: readonly { index: string }[], actions: readonly string[]): this {
    return this.allow(actions, ...indexes.map(({ index }) => `${table.tableArn}/index/${index}`))
  }

  canUseQueue(queue: Queue, name: EnvName, actions: readonly string[]): this {
    if (actions.includes('sqs:SendMessage')) this.key.allow(KEY_RIGHTS.send)
    return this.allow(actions, queue.queueArn).knows(name, queue.queueUrl)
  }

  canPublishTo(bus: EventBus, name: EnvName): this {
    return this.allow(['events:PutEvents'], bus.eventBusArn).knows(name, bus.eventBusName)
  }

  /** @param keys which objects, `*` for any part of a key */
  canPutObjects(bucket: Bucket, keys: string, name: EnvName, actions: readonly string[]): this {
    this.key.allow(KEY_RIGHTS.putObject)
    this.allow(actions, bucket.arnForObjects(keys)).knows(name, bucket.bucketName)
    acknowledgeKeys(this.role.node.findChild('DefaultPolicy'), bucket, keys)
    return this
  }

  /**
   * Lets the function read secrets whose names it derives from `name`'s value.
   *
   * By name, not by import: an import would stop the removal of a connection, because CloudFormation keeps an export as long
   * as another stack uses it.
   */
  canReadSecrets(secretNames: readonly string[], name: EnvName, value: string): this {
    this.key.allow(KEY_RIGHTS.readSecret)
    return this.allow(['secretsmanager:GetSecretValue'], ...this.secretArns(secretNames)).knows(name, value)
  }

  /** Lets the function ask one model of Bedrock. @param region that is asked; the stack's own where undefined */
  canAskModel(id: string, region: string | undefined, actions: readonly string[]): this {
    const { partition, region: own, account } = Stack.of(this)
    this.allow(actions, ...bedrockResources(id, { partition, region: region ?? own, account }))
    const shown = { partition: '<AWS::Partition>', region: region ?? '<AWS::Region>', account: '<AWS::AccountId>' }
    acknowledgeModels(this.role.node.findChild('DefaultPolicy'), bedrockResources(id, shown))
    return this
  }

  /** Lets the function invoke one published version of another, as such: its right ends with the next release. */
  canInvoke(version: lambda.Version, name: EnvName, actions: readonly string[]): this {
    return this.allow(actions, version.functionArn).knows(name, version.functionArn)
  }

  /** @param release CodeDeploy's application and deployment group, which have one name */
  canReportTo(release: string, actions: readonly string[]): this {
    const { partition, region, account } = Stack.of(this)
    return this.allow(actions, `arn:${partition}:codedeploy:${region}:${account}:deploymentgroup:${release}/${release}`)
  }

  /** Lets the function put new versions of secrets, too. */
  canWriteSecrets(secretNames: readonly string[]): this {
    this.key.allow(KEY_RIGHTS.writeSecret)
    const arns = this.secretArns(secretNames)
    return this.allow(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], ...arns)
  }

  /** Lets the function take the steps of a rotation of these secrets: see their versions, fill one, and move the labels. */
  canRotateSecrets(secretNames: readonly string[]): this {
    this.key.allow(KEY_RIGHTS.writeSecret)
    return this.allow(
      [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      ...this.secretArns(secretNames),
    )
  }

  private secretArns(secretNames: readonly string[]): string[] {
    return secretNames.map((secretName) => secretArn(this, secretName))
  }

  /**
   * Lambda polls the queue with the function's role and hands it so many messages at once.
   *
   * @param props.batchSize 10 by default
   */
  consumes(queue: Queue, { maxConcurrency, batchSize = 10 }: { maxConcurrency: number; batchSize?: number }): this {
    this.key.allow(KEY_RIGHTS.receive)
    this.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn)
    const source = new lambda.EventSourceMapping(this, 'Source', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize,
      // No window: in quiet times Lambda would wait up to 20 s to fill one. What coalesces is the tables.
      reportBatchItemFailures: true,
      // Never reserved concurrency: polls that it throttles count as receives and send good messages to the quarantine.
      maxConcurrency,
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    })
    acknowledge(source, 'Serverless-LambdaEventSourceMappingDestination')
    return this
  }

  private allow(actions: readonly string[], ...resources: string[]): this {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources }))
    return this
  }
}
