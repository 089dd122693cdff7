import { literal, type Part } from './code-text.ts'
import { MAX_RECEIVES, RETENTION_DAYS, RETRY, type SubscriptionTarget } from './subscription.ts'

/** Lines that come before the rule, and the target itself. */
export type TargetCode = { imports: readonly Part[]; before: readonly string[]; expression: string }

const DELIVERY = `{ deadLetterQueue: deadLetters, maxEventAge: Duration.hours(${RETRY.hours}), retryAttempts: ${RETRY.attempts} }`

const targets = (name: string): Part => ({ from: 'aws-cdk-lib/aws-events-targets', names: [name] })

export function targetCode(target: SubscriptionTarget): TargetCode {
  switch (target.kind) {
    case 'sqs':
      return target.arn === undefined ? ownQueue() : queueOf(target.arn)
    case 'lambda':
      return functionOf(target.arn)
    case 'https':
      return destinationOf(target)
  }
}

function ownQueue(): TargetCode {
  return {
    imports: [targets('SqsQueue')],
    before: [
      "const queue = new Queue(this, 'Queue', {",
      '  enforceSSL: true,',
      '  encryption: QueueEncryption.SQS_MANAGED,',
      `  retentionPeriod: Duration.days(${RETENTION_DAYS}),`,
      '  // Six times what the reader may take at the longest.',
      '  visibilityTimeout: Duration.minutes(6),',
      `  deadLetterQueue: { queue: deadLetters, maxReceiveCount: ${MAX_RECEIVES} },`,
      '})',
    ],
    expression: `new SqsQueue(queue, ${DELIVERY})`,
  }
}

function queueOf(arn: string): TargetCode {
  return {
    imports: [targets('SqsQueue')],
    before: [
      "// The queue is another stack's: its policy has to let events.amazonaws.com send (sqs:SendMessage) for this rule's ARN.",
      `const queue = Queue.fromQueueArn(this, 'Queue', ${literal(arn)})`,
    ],
    expression: `new SqsQueue(queue, ${DELIVERY})`,
  }
}

function functionOf(arn: string): TargetCode {
  return {
    imports: [targets('LambdaFunction'), { from: 'aws-cdk-lib/aws-lambda', names: ['Function'] }],
    before: [
      '// In this account and region, so that the rule is given the right to invoke it. Lambda tries a function that fails',
      '// twice more and then drops the event: give it an on-failure destination, or read from a queue instead.',
      "const handler = Function.fromFunctionAttributes(this, 'Function', {",
      `  functionArn: ${literal(arn)},`,
      '  sameEnvironment: true,',
      '})',
    ],
    expression: `new LambdaFunction(handler, ${DELIVERY})`,
  }
}

function destinationOf({ url, header, secret }: Extract<SubscriptionTarget, { kind: 'https' }>): TargetCode {
  return {
    imports: [
      { from: 'aws-cdk-lib', names: ['SecretValue'] },
      { from: 'aws-cdk-lib/aws-events', names: ['ApiDestination', 'Authorization', 'Connection', 'HttpMethod'] },
      { from: 'aws-cdk-lib/aws-events-targets', names: ['ApiDestination as ApiDestinationTarget'] },
    ],
    before: [
      '// EventBridge sends the text of this secret in the header; it stands in no template.',
      "const connection = new Connection(this, 'Connection', {",
      `  authorization: Authorization.apiKey(${literal(header)}, SecretValue.secretsManager(${literal(secret)})),`,
      '})',
      "const destination = new ApiDestination(this, 'Destination', {",
      '  connection,',
      `  endpoint: ${literal(url)},`,
      '  httpMethod: HttpMethod.POST,',
      '  rateLimitPerSecond: 10,',
      '})',
    ],
    expression: `new ApiDestinationTarget(destination, ${DELIVERY})`,
  }
}
