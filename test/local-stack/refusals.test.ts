import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { startStack } from '../../local/stack/stack.ts'
import {
  apiResources,
  arn,
  functionResources,
  type Resources,
  ref,
  routeResources,
  writeAssembly,
} from './cloud-assembly.ts'

const CODE = { code: 'export const handler = async () => {}' }

let gateway: AwsGateway
beforeAll(async () => {
  gateway = await startAwsGateway()
})
afterAll(() => gateway.close())

/** What keeps the stack from starting, or nothing. */
async function refusal(resources: Resources, more: Parameters<typeof writeAssembly>[1] = {}): Promise<string> {
  using assembly = writeAssembly(resources, { code: CODE, ...more })
  // A gateway of its own: names are the same on every run.
  const own = await startAwsGateway()
  try {
    const stack = await startStack({ assembly, gateway: own, outside: {} })
    await stack.close()
    return 'starts'
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } finally {
    await own.close()
  }
}

const without = (resources: Resources, id: string): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([name]) => name !== id))
const withProperties = (resources: Resources, id: string, properties: Record<string, unknown>): Resources => ({
  ...resources,
  [id]: { Type: resources[id]?.Type ?? '', Properties: { ...resources[id]?.Properties, ...properties } },
})

const F = functionResources('F', { code: 'code', properties: { Timeout: 5 } })
const api: Resources = { ...apiResources, ...F, ...routeResources('R', 'POST /in/{name}', 'F') }
const poll = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
const source: Resources = {
  Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
  ...functionResources('F', {
    code: 'code',
    statements: [{ Action: poll, Resource: arn('Q') }],
    properties: { Timeout: 5 },
  }),
  Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: arn('Q'), FunctionName: ref('F') } },
}
const rule: Resources = {
  ...F,
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: arn('F') }] },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('F'),
      Principal: 'events.amazonaws.com',
      SourceArn: arn('Rule'),
    },
  },
}
const toQueue: Resources = {
  Q: { Type: 'AWS::SQS::Queue' },
  Rule: withTarget('Q'),
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Q')],
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' }, Resource: arn('Q') },
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: arn('Q'),
            Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
          },
        ],
      },
    },
  },
}
const schedule: Resources = {
  ...F,
  ...functionResources('Role', { code: 'code', statements: [{ Action: 'lambda:InvokeFunction', Resource: arn('F') }] }),
  S: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'rate(15 minutes)',
      Target: { Arn: arn('F'), RoleArn: arn('RoleRole') },
    },
  },
}

function withTarget(queue: string) {
  return {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: arn(queue) }] },
  }
}

describe('a template starts', () => {
  it.each([
    ['with an API', api],
    ['with an event source', source],
    ['with a rule for a function', rule],
    ['with a rule for a queue', toQueue],
    ['with a schedule', schedule],
    ['with what only watches', { A: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmName: 'a' } } }],
  ])('%s', async (_name, resources) => {
    expect(await refusal(resources)).toBe('starts')
  })
})

describe('a template is refused, in one line,', () => {
  it.each<[string, Resources, string]>([
    [
      'with types that do not run here, all of them',
      { V: { Type: 'AWS::EC2::VPC' }, K: { Type: 'Custom::Thing' } },
      'The template has resources that do not run here: AWS::EC2::VPC (Test/V), Custom::Thing (Test/K)',
    ],
    [
      'with a property that is not honoured',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
      'Q (AWS::SQS::Queue Q): Unrecognized key: "FifoQueue"',
    ],
    [
      'with an intrinsic that is not supported',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Cidr': [] } } } },
      'Q (AWS::SQS::Queue Q): the intrinsic Fn::Cidr is not supported',
    ],
    [
      'with a reference to nothing',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: ref('None') } } },
      'Q (AWS::SQS::Queue Q): Ref finds nothing named None',
    ],
    [
      'without the permission for API Gateway',
      without(api, 'RPermission'),
      'R (AWS::ApiGatewayV2::Route R): may not invoke F: the template has no AWS::Lambda::Permission for apigateway.amazonaws.com',
    ],
    [
      'with a permission for another route',
      withProperties(api, 'RPermission', { SourceArn: 'arn:aws:execute-api:*:*:*/*/GET/x' }),
      'may not invoke F',
    ],
    ['with an API without a stage', without(api, 'Stage'), 'the API has no stage'],
    [
      'without the code',
      withProperties(F, 'F', { Code: { S3Bucket: 'assets', S3Key: 'other.zip' } }),
      'F (AWS::Lambda::Function F): its code other.zip is not in the cloud assembly',
    ],
    [
      'with a variable that Lambda reserves',
      withProperties(F, 'F', { Environment: { Variables: { AWS_REGION: 'x' } } }),
      'the environment variable AWS_REGION is reserved by Lambda',
    ],
    [
      'with too large an environment',
      withProperties(F, 'F', { Environment: { Variables: { LONG: 'x'.repeat(5000) } } }),
      'Lambda allows 4096',
    ],
    ['with a role that may not poll', { ...source, ...F }, 'the role of F does not allow sqs:ReceiveMessage on Q'],
    [
      'with a visibility below the time-out',
      withProperties(source, 'Q', { VisibilityTimeout: 4 }),
      "the visibility time-out of Q of 4 s is less than the function's time-out of 5 s",
    ],
    [
      'with a filter on an event source',
      withProperties(source, 'Source', { FilterCriteria: { Filters: [] } }),
      'Unrecognized key: "FilterCriteria"',
    ],
    [
      'with a large batch without a window',
      withProperties(source, 'Source', { BatchSize: 11 }),
      'a batch of more than 10 needs a batching window',
    ],
    [
      'without the permission for the bus',
      without(rule, 'Permission'),
      'Rule (AWS::Events::Rule Rule): may not invoke F',
    ],
    [
      'with a pattern that EventBridge refuses',
      withProperties(rule, 'Rule', { EventPattern: { source: 'x' } }),
      'Rule (AWS::Events::Rule Rule): ',
    ],
    [
      'without the policy for a queue',
      without(toQueue, 'Policy'),
      'the policy of Q does not let events.amazonaws.com send for it',
    ],
    [
      'with a schedule whose role may not invoke',
      { ...schedule, RoleRole: { ...F['FRole'], Type: 'AWS::IAM::Role' } },
      'does not allow lambda:InvokeFunction',
    ],
    [
      'with a schedule in a time zone that is none',
      withProperties(schedule, 'S', { ScheduleExpressionTimezone: 'Europe/Zurych' }),
      'has the time zone Europe/Zurych, which is none',
    ],
    [
      'with a condition in a policy',
      withProperties(F, 'FRole', {
        Policies: [
          {
            PolicyName: 'p',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'x', Resource: '*', Condition: {} }] },
          },
        ],
      }),
      'policy statement: Unrecognized key: "Condition"',
    ],
    [
      'with a managed policy that is not known',
      withProperties(F, 'FRole', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      'the managed policy arn:aws:iam::aws:policy/AdministratorAccess is not supported',
    ],
  ])('%s', async (_name, resources, message) => {
    const given = await refusal(resources)
    expect(given).toContain(message)
    expect(given).toMatch(/^StackError: .+$/)
  })

  it('with a section that only CloudFormation understands', () => {
    expect(() => writeAssembly({}, { template: { Transform: 'AWS::LanguageExtensions' } })).toThrow(
      'Test.template.json: Transform is not supported',
    )
  })

  it('when it is made for another region', async () => {
    expect(await refusal({}, { environment: 'aws://000000000000/eu-west-1' })).toBe(
      'StackError: Test: is made for 000000000000/eu-west-1, and AWS here is 000000000000/us-east-1',
    )
  })
})

describe('conditions', () => {
  it('leave out a resource, and an output of it', async () => {
    using assembly = writeAssembly(
      {
        Yes: { Type: 'AWS::SQS::Queue', Condition: 'Wanted' },
        No: { Type: 'AWS::EC2::VPC', Condition: 'Unwanted' },
      },
      {
        template: {
          Conditions: {
            Wanted: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
            Unwanted: { 'Fn::Not': [{ Condition: 'Wanted' }] },
          },
          Outputs: {
            Name: { Value: { 'Fn::GetAtt': ['Yes', 'QueueName'] }, Condition: 'Wanted' },
            None: { Value: ref('No'), Condition: 'Unwanted' },
          },
        },
      },
    )
    const stack = await startStack({ assembly, gateway, outside: {} })
    expect(Object.keys(stack.queues)).toEqual(['Yes'])
    expect(stack.outputs).toEqual({ Name: stack.queues['Yes']?.name })
    await stack.close()
  })
})

it('a busy port is told in one line, and nothing stays open', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const httpPort = typeof address === 'object' && address ? address.port : 0
  using assembly = writeAssembly({})
  await expect(startStack({ assembly, gateway, outside: {}, httpPort })).rejects.toMatchObject({
    problem: 'portBusy',
    message: `Port ${httpPort} is in use by another program`,
  })
  server.close()
})
