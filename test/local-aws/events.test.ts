import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AwsGateway, type RuleTarget, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, eventually, refusalOf } from './clients.ts'

let gateway: AwsGateway
let clients: ReturnType<typeof clientsOf>
const account = '123456789012'
const region = 'eu-west-1'
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const LAMBDA = `arn:aws:lambda:${region}:${account}:function:on-change`

beforeEach(async () => {
  gateway = await startAwsGateway({ region, account, clock: { now: () => NOW } })
  clients = clientsOf(gateway, 'admin')
  gateway.createBus('changes')
})
afterEach(() => gateway.close())

const entry = (more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'changes',
  Source: 'hookline',
  DetailType: 'Task Status Changed',
  Detail: JSON.stringify({ changeId: 'c1', field: 'status' }),
  ...more,
})
const put = (...Entries: PutEventsRequestEntry[]) => clients.events.send(new PutEventsCommand({ Entries }))
const rule = (targets: RuleTarget[], eventPattern: unknown = { source: ['hookline'] }) =>
  gateway.putRule({ name: 'all', bus: 'changes', eventPattern, targets })

async function queue(name: string) {
  const { url, arn } = await gateway.createQueue({ name, attributes: {} })
  const input = { QueueUrl: url, WaitTimeSeconds: 5, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }
  const next = async (): Promise<Message | undefined> => {
    const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ ...input, MaxNumberOfMessages: 1 }))
    return Messages?.[0]
  }
  return { arn, next }
}

describe('PutEvents', () => {
  it('brings the event to a queue in the envelope of the service', async () => {
    const { arn, next } = await queue('subscriber')
    rule([{ id: 'queue', arn }])
    const { FailedEntryCount, Entries } = await put(entry({ Resources: ['arn:task'] }))
    expect(FailedEntryCount).toBe(0)
    expect(JSON.parse((await next())?.Body ?? '')).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'Task Status Changed',
      source: 'hookline',
      account,
      time: '2026-01-02T03:04:05Z',
      region,
      resources: ['arn:task'],
      detail: { changeId: 'c1', field: 'status' },
    })
  })

  it('takes the time of the entry, and the bus by its ARN', async () => {
    const { arn, next } = await queue('subscriber')
    rule([{ id: 'queue', arn }])
    const EventBusName = `arn:aws:events:${region}:${account}:event-bus/changes`
    await put(entry({ EventBusName, Time: new Date(0) }))
    expect(JSON.parse((await next())?.Body ?? '')).toMatchObject({ time: '1970-01-01T00:00:00Z' })
  })

  it('goes by the pattern and the bus', async () => {
    const { arn, next } = await queue('subscriber')
    rule([{ id: 'queue', arn, inputPath: '$.detail.n' }], { detail: { n: [{ numeric: ['>', 1] }] } })
    const n = (value: number) => JSON.stringify({ n: value })
    await put(entry({ Detail: n(1) }), entry({ Detail: n(9), EventBusName: 'default' }), entry({ Detail: n(2) }))
    expect((await next())?.Body).toBe('2')
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${gateway.url}/${account}/subscriber` }),
    )
    expect(Messages).toBeUndefined()
  })

  it('accepts events for a bus that does not exist, as the service does', async () => {
    expect(await put(entry({ EventBusName: 'nowhere' }))).toMatchObject({ FailedEntryCount: 0 })
  })

  it.each<[code: string, entry: PutEventsRequestEntry]>([
    ['MalformedDetail', entry({ Detail: '{' })],
    ['MalformedDetail', entry({ Detail: '[]' })],
    ['MalformedDetail', entry({ Detail: '"x"' })],
    ['InvalidArgument', entry({ Source: undefined })],
    ['InvalidArgument', entry({ DetailType: '' })],
    ['InvalidArgument', entry({ Detail: undefined })],
    ['NotAuthorizedForSourceException', entry({ Source: 'aws.s3' })],
  ])('fails an entry alone: %s', async (code, bad) => {
    const { FailedEntryCount, Entries = [] } = await put(entry(), bad, entry())
    expect(FailedEntryCount).toBe(1)
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, code, undefined])
    expect(Entries.map(({ EventId }) => EventId === undefined)).toEqual([false, true, false])
  })

  it('takes at most 10 entries and 1 MiB in all', async () => {
    await expect(put(...Array.from({ length: 10 }, () => entry()))).resolves.toMatchObject({ FailedEntryCount: 0 })
    const many = put(...Array.from({ length: 11 }, () => entry()))
    expect(await refusalOf(many)).toMatchObject({ name: 'ValidationException' })

    const envelope = Buffer.byteLength('hooklineTask Status Changed{"a":""}')
    const large = (bytes: number) => entry({ Detail: JSON.stringify({ a: 'x'.repeat(bytes) }) })
    await expect(put(large(1024 * 1024 - envelope))).resolves.toMatchObject({ FailedEntryCount: 0 })
    expect(await refusalOf(put(large(1024 * 1024 - envelope + 1)))).toMatchObject({ name: 'ValidationException' })
  })
})

describe('targets', () => {
  it('a Lambda function is invoked with what the transformer gives', async () => {
    const invoked = Promise.withResolvers<unknown[]>()
    gateway.onInvoke(async (...call) => invoked.resolve(call))
    const inputTransformer = { inputPathsMap: { id: '$.detail.changeId' }, inputTemplate: '{"change": <id>}' }
    rule([{ id: 'function', arn: LAMBDA, inputTransformer }])
    await put(entry())
    expect(await invoked.promise).toEqual([LAMBDA, { change: 'c1' }])
  })

  it('a Lambda function that fails is tried again', async () => {
    let tries = 0
    gateway.onInvoke(async () => {
      tries += 1
      if (tries < 3) throw new Error('not yet')
    })
    const dead = await queue('dead')
    rule([{ id: 'function', arn: LAMBDA, deadLetterArn: dead.arn }])
    await put(entry())
    await eventually(async () => (tries === 3 ? true : undefined))
  })

  it('what cannot be delivered goes to the dead-letter queue with its reason', async () => {
    gateway.onInvoke(() => Promise.reject(new TypeError('broken')))
    const dead = await queue('dead')
    rule([{ id: 'function', arn: LAMBDA, deadLetterArn: dead.arn }])
    await put(entry())
    const message = await dead.next()
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ detail: { changeId: 'c1' } })
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ])
    expect(Object.fromEntries(attributes)).toEqual({
      RULE_ARN: `arn:aws:events:${region}:${account}:rule/changes/all`,
      TARGET_ARN: LAMBDA,
      ERROR_CODE: 'TypeError',
      ERROR_MESSAGE: 'broken',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    })
  })

  it('a queue that is gone is a failed delivery', async () => {
    const dead = await queue('dead')
    const missing = `arn:aws:sqs:${region}:${account}:missing`
    rule([{ id: 'queue', arn: missing, deadLetterArn: dead.arn }])
    await put(entry())
    expect((await dead.next())?.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('QueueDoesNotExist')
  })

  it('one target that fails does not keep the event from the others', async () => {
    gateway.onInvoke(() => new Promise(() => undefined))
    const { arn, next } = await queue('subscriber')
    rule([
      { id: 'function', arn: LAMBDA },
      { id: 'queue', arn },
    ])
    await put(entry())
    expect(await next()).toBeDefined()
  })

  it('of other kinds are refused until something stands in for them', async () => {
    const arn = `arn:aws:states:${region}:${account}:stateMachine:follow-up`
    expect(() => rule([{ id: 'machine', arn }])).toThrow('is of a kind that the local stack does not support')
    const started = Promise.withResolvers<string[]>()
    gateway.onDeliver('arn:aws:states:', async (...call) => started.resolve(call))
    rule([{ id: 'machine', arn, inputPath: '$.detail' }])
    await put(entry())
    expect(await started.promise).toEqual([arn, '{"changeId":"c1","field":"status"}'])
  })

  it('may be stood in for one by one', async () => {
    const stood = Promise.withResolvers<string>()
    gateway.onInvoke(() => Promise.reject(new Error('not this way')))
    gateway.onDeliver(LAMBDA, async (arn) => stood.resolve(arn))
    rule([{ id: 'function', arn: LAMBDA }])
    await put(entry())
    expect(await stood.promise).toBe(LAMBDA)
  })
})

describe('buses and rules', () => {
  it('are made, listed and removed by a client', async () => {
    const { events } = clients
    const created = await events.send(new CreateEventBusCommand({ Name: 'own' }))
    expect(created.EventBusArn).toBe(`arn:aws:events:${region}:${account}:event-bus/own`)
    expect(await events.send(new DescribeEventBusCommand({ Name: 'own' }))).toMatchObject({ Arn: created.EventBusArn })
    const { EventBuses } = await events.send(new ListEventBusesCommand())
    expect(EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'changes', 'own'])

    const EventPattern = '{"source":["hookline"]}'
    const EventBusName = 'own'
    const made = await events.send(new PutRuleCommand({ Name: 'r', EventBusName, EventPattern }))
    expect(made.RuleArn).toBe(`arn:aws:events:${region}:${account}:rule/own/r`)
    const target = {
      Id: 't',
      Arn: LAMBDA,
      InputTransformer: { InputPathsMap: { a: '$.id' }, InputTemplate: '{"a": <a>}' },
      DeadLetterConfig: { Arn: `arn:aws:sqs:${region}:${account}:dead` },
    }
    await events.send(new PutTargetsCommand({ Rule: 'r', EventBusName, Targets: [target] }))
    const targets = await events.send(new ListTargetsByRuleCommand({ Rule: 'r', EventBusName }))
    expect(targets.Targets).toEqual([target])
    const listed = await events.send(new ListRulesCommand({ EventBusName }))
    expect(listed.Rules).toMatchObject([{ Name: 'r', EventPattern, State: 'ENABLED', EventBusName }])

    const remove = new DeleteRuleCommand({ Name: 'r', EventBusName })
    expect(await refusalOf(events.send(remove))).toMatchObject({ name: 'ValidationException' })
    await events.send(new RemoveTargetsCommand({ Rule: 'r', EventBusName, Ids: ['t'] }))
    await events.send(remove)
    expect((await events.send(new ListRulesCommand({ EventBusName }))).Rules).toEqual([])
  })

  it('a rule that is changed keeps its targets, one that is disabled is quiet', async () => {
    const { arn, next } = await queue('subscriber')
    rule([{ id: 'queue', arn, inputPath: '$.detail.changeId' }])
    const change = (State: 'ENABLED' | 'DISABLED') =>
      clients.events.send(
        new PutRuleCommand({ Name: 'all', EventBusName: 'changes', EventPattern: '{"source":["hookline"]}', State }),
      )
    await change('DISABLED')
    await put(entry())
    await change('ENABLED')
    await put(entry({ Detail: '{"changeId":"c2"}' }))
    expect((await next())?.Body).toBe('"c2"')
  })

  it.each<{ name: string; call: () => Promise<unknown> }>([
    {
      name: 'ResourceAlreadyExistsException',
      call: () => clients.events.send(new CreateEventBusCommand({ Name: 'changes' })),
    },
    {
      name: 'ResourceNotFoundException',
      call: () => clients.events.send(new DescribeEventBusCommand({ Name: 'none' })),
    },
    {
      name: 'ResourceNotFoundException',
      call: () => clients.events.send(new ListTargetsByRuleCommand({ Rule: 'none' })),
    },
    {
      name: 'InvalidEventPatternException',
      call: () => clients.events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"a":1}' })),
    },
    {
      name: 'InvalidEventPatternException',
      call: () => clients.events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{' })),
    },
    {
      name: 'ValidationException',
      call: () => clients.events.send(new PutRuleCommand({ Name: 'r', ScheduleExpression: 'rate(1 minute)' })),
    },
    {
      name: 'ValidationException',
      call: async () => {
        await clients.events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["x"]}' }))
        const Targets = [{ Id: 't', Arn: `arn:aws:states:${region}:${account}:stateMachine:m` }]
        return clients.events.send(new PutTargetsCommand({ Rule: 'r', Targets }))
      },
    },
  ])('refusals come out as the SDK names them: $name', async ({ name, call }) => {
    expect(await refusalOf(call())).toMatchObject({ name })
  })
})
