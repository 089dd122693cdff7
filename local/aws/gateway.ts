import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { type Clock, systemClock } from '../../core/platform/clock.ts'
import { arnsOf } from './arns.ts'
import type { AwsCall, Home, JsonService, OtherHandler, Reply, ServiceHandler, WireReply } from './call.ts'
import { cloudWatchHandler } from './cloudwatch/handler.ts'
import { type CloudWatch, createCloudWatch } from './cloudwatch/service.ts'
import { throttleData } from './cloudwatch/throttles.ts'
import { createDeployments, type Deployments } from './codedeploy/deployments.ts'
import { createCodeDeployHandler } from './codedeploy/handler.ts'
import { createDynamoDb } from './dynamodb/handler.ts'
import { listen, type WireRequest } from './endpoint.ts'
import { createDelivery, type Deliver } from './events/delivery.ts'
import { createEventBridge } from './events/handler.ts'
import type { RuleTarget } from './events/target.ts'
import { AwsError, asBody, errorReply, parseBody, readTarget } from './json-protocol.ts'
import { createLambda } from './lambda/handler.ts'
import type { LambdaFacts } from './lambda/registry.ts'
import { createLogs } from './logs/handler.ts'
import { createPrincipals, type Judged, type Principal, signedFor } from './principals.ts'
import { actionOf, resourcesOf } from './resources.ts'
import { createS3, type S3 } from './s3/handler.ts'
import { createSecretsManager } from './secrets/handler.ts'
import { createSns, type Sns } from './sns/handler.ts'
import type { QueueContent } from './sqs/fauxqs.ts'
import { createSqs } from './sqs/handler.ts'
import { usageRecorder } from './usage.ts'

export type { AwsCall } from './call.ts'
export type { RuleTarget } from './events/target.ts'
export { AwsError } from './json-protocol.ts'
export type { Statement } from './policy.ts'

/** Sees each call before it is served; what it returns, unless undefined, replaces the body. */
type Interceptor = (call: AwsCall) => Promise<unknown> | unknown

export type GatewayOptions = {
  port?: number
  region?: string
  account?: string
  clock?: Clock
  /** Waits of Secrets Manager before each further try of a rotation that failed, ms. */
  retryRotationAfterMs?: readonly number[]
}

export type AwsGateway = {
  url: string
  region: string
  account: string
  /** A principal: its access key and what it may do. The same key again replaces it. */
  admit(principal: Principal): void
  /** Hears of each call of a principal that was judged, after the interceptors. Returns what ends it. */
  onJudged(fn: (judged: Judged) => void): () => void
  /** A call that is going to be refused, and shall be: else a run of all tests takes it for a right that is missing. */
  expectRefusal(action: string): void
  /**
   * Judges a call to Bedrock, which somebody else serves, by the header that it is signed with.
   * @throws AwsError as every service of the gateway would
   */
  authoriseBedrock(authorization: string | undefined, action: string, resources: string[]): void
  /**
   * Each call passes here before it is authorised and served, in the order of registration; it may be changed, delayed, or
   * refused: an `AwsError` goes out as that exception, any other error as the service's 500. Returns what removes it.
   */
  intercept(fn: Interceptor): () => void
  createQueue(queue: { name: string; attributes: Record<string, string> }): Promise<{ url: string; arn: string }>
  /** What a queue holds, without taking anything of it; null for one that does not exist. */
  lookIntoQueue(name: string): Promise<QueueContent | null>
  createTable(input: CreateTableCommandInput): Promise<{ arn: string }>
  createSecret(secret: { name: string; value?: string; rotationLambdaArn?: string }): Promise<{ arn: string }>
  createBus(name: string): { arn: string }
  /** A log group, empty at first; nothing happens if it is there. */
  createLogGroup(name: string): void
  /** A line that a function wrote. Of each group the newest are kept. */
  writeLog(group: string, stream: string, line: string): void
  /** Metrics, those in the lines of functions included, and alarms. */
  cloudwatch: CloudWatch
  /** Topics, and who has subscribed. */
  sns: Sns
  /** Buckets. */
  s3: S3
  /** What Lambda's API tells of, and switches. */
  lambda: LambdaFacts
  /** CodeDeploy's deployments, as far as their hooks tell how they went. */
  deployments: Deployments
  /** @throws AwsError for a pattern, an input or a target that EventBridge or the stack would refuse */
  putRule(rule: { name: string; bus: string; eventPattern: unknown; targets: RuleTarget[] }): void
  /** How Lambda functions (targets of rules, rotation) are invoked: rejects when the function failed. */
  onInvoke(fn: (functionArn: string, payload: unknown) => Promise<unknown>): void
  /** How targets whose ARN begins with a prefix are reached; the longest prefix wins over the built-in SQS and Lambda. */
  onDeliver(arnPrefix: string, fn: Deliver): void
  close(): Promise<void>
}

/**
 * SQS, DynamoDB, Secrets Manager, EventBridge, CloudWatch, SNS and the reading of CloudWatch Logs behind one loopback endpoint
 * that speaks their protocols (beside others that are told below), so that clients work unchanged with `AWS_ENDPOINT_URL` set to `url`. Everything is in memory and in this process.
 * @throws the listener's error, `EADDRINUSE` when the port is taken
 */
export async function startAwsGateway(options: GatewayOptions = {}): Promise<AwsGateway> {
  const home: Home = { region: options.region ?? 'us-east-1', account: options.account ?? '000000000000' }
  const clock = options.clock ?? systemClock
  const arns = arnsOf(home)
  const usage = usageRecorder()
  const listeners = new Set<(judged: Judged) => void>(usage === null ? [] : [usage.judged])
  const principals = createPrincipals(home, (judged) => {
    for (const listener of listeners) listener(judged)
  })
  const interceptors = new Set<Interceptor>()

  let invokeFunction = (functionArn: string, _payload: unknown): Promise<unknown> =>
    Promise.reject(new Error(`Nothing runs functions here: ${functionArn}`))
  const invoke = (functionArn: string, payload: unknown) => invokeFunction(functionArn, payload)

  const sqs = await createSqs(home, () => endpoint.url)
  const dynamodb = createDynamoDb(home, arns)
  const secrets = createSecretsManager(arns, clock, invoke, options.retryRotationAfterMs)
  const logs = createLogs(clock)
  const delivery = createDelivery(sqs, invoke)
  const s3 = createS3(home)
  const sns = createSns(home, { sqs, invoke, clock })
  const cloudwatch = createCloudWatch(home, clock, sns.publish)
  const events = createEventBridge(home, arns, clock, delivery)
  const deployments = createDeployments()
  const lambda = createLambda(home, invoke, clock)
  /** Those in a protocol of their own, by what their requests are signed for. */
  const others: Record<string, OtherHandler> = {
    lambda: lambda.handle,
    codedeploy: createCodeDeployHandler(home, deployments),
    sns: sns.handle,
    s3: s3.handle,
  }
  const handlers: Record<JsonService, ServiceHandler> = {
    sqs: sqs.handle,
    dynamodb: dynamodb.handle,
    secretsmanager: secrets.handle,
    events: events.handle,
    logs: logs.handle,
    cloudwatch: cloudWatchHandler(cloudwatch, clock),
  }

  async function serveCall(service: JsonService, operation: string, request: WireRequest): Promise<Reply> {
    const principal = principals.identify(service, request.authorization)
    const received = parseBody(request.text)
    let body = received
    const callOf = (): AwsCall => ({
      accessKeyId: principal.accessKeyId,
      caller: principal.name,
      service,
      action: actionOf(service, operation),
      resources: resourcesOf(service, operation, body, arns, secrets.arnOf),
      body,
    })
    let call = callOf()
    for (const intercept of interceptors) {
      const changed = await intercept(call)
      if (changed === undefined) continue
      body = asBody(changed)
      call = callOf()
    }
    principals.authorise(principal, call)
    const text = body === received && request.text !== '' ? request.text : JSON.stringify(body)
    return handlers[service]({ operation, body, text, signal: request.signal })
  }

  /** What goes wrong in it, it tells in its own protocol. */
  async function serveOther(other: OtherHandler, request: WireRequest): Promise<WireReply> {
    const service = signedFor(request.authorization)
    if (service !== 'lambda' && service !== 'sns' && service !== 's3' && service !== 'codedeploy')
      throw new Error('no such service')
    return other(request, ({ action, resources }) => {
      const principal = principals.identify(service, request.authorization)
      principals.authorise(principal, { service, action, resources })
    })
  }

  async function serve(request: WireRequest): Promise<WireReply> {
    const target = readTarget(request.target)
    const other = target === null ? others[signedFor(request.authorization) ?? ''] : undefined
    if (other !== undefined) return serveOther(other, request)
    if (target === null) {
      const message = `${request.target ?? 'A request without X-Amz-Target'} is not part of the local stack.`
      return errorReply('events', new AwsError('UnknownOperationException', message))
    }
    try {
      return await serveCall(target.service, target.operation, request)
    } catch (error) {
      if (target.service === 'dynamodb') {
        const call = { operation: target.operation, text: request.text, at: clock.now() }
        for (const datum of throttleData(error, call)) cloudwatch.put(datum)
      }
      return errorReply(target.service, error)
    }
  }

  const endpoint = await listen(options.port ?? 0, serve)

  return {
    url: endpoint.url,
    ...home,
    admit(principal) {
      usage?.admitted(principal)
      principals.admit(principal)
    },
    onJudged(fn) {
      listeners.add(fn)
      return () => listeners.delete(fn)
    },
    expectRefusal(action) {
      usage?.expectRefusal(action)
    },
    authoriseBedrock(authorization, action, resources) {
      const principal = principals.identify('bedrock', authorization)
      principals.authorise(principal, { service: 'bedrock', action, resources })
    },
    intercept(fn) {
      interceptors.add(fn)
      return () => interceptors.delete(fn)
    },
    createQueue: sqs.createQueue,
    lookIntoQueue: sqs.look,
    createTable: dynamodb.createTable,
    createSecret: async (secret) => secrets.createSecret(secret),
    createBus: events.createBus,
    createLogGroup: logs.createGroup,
    writeLog(group, stream, line) {
      logs.write(group, stream, line)
      cloudwatch.readLine(line)
    },
    cloudwatch,
    sns: sns.service,
    s3: s3.service,
    deployments,
    lambda: lambda.facts,
    putRule: events.putRule,
    onInvoke(fn) {
      invokeFunction = fn
    },
    onDeliver: delivery.onDeliver,
    async close() {
      delivery.close()
      secrets.close()
      await endpoint.close()
      await sqs.close()
      await s3.close()
    },
  }
}
