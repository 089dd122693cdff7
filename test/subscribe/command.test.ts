import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import { saveSpace, saveSpaceIds } from '../../core/sync/hierarchy.ts'
import { aChange, complete, directory, NOW, record, run, type Stack, startStack, TABLES } from '../cli/stack.ts'
import { clientsOf } from '../local-aws/clients.ts'

let stack: Stack
let home: ReturnType<typeof directory>
let clients: ReturnType<typeof clientsOf>

beforeEach(async () => {
  stack = await startStack()
  stack.gateway.createBus('hookline-dev')
  home = directory({ ...stack.local, stage: 'dev', busName: 'hookline-dev' })
  clients = clientsOf(stack.gateway, 'admin')
  const state = { dynamo: stack.dynamo, table: TABLES.state }
  const list = { archived: false, folderId: null, startAt: null, dueAt: null, taskCount: null }
  await saveSpace(state, 'main', {
    ...{ id: '3', name: 'Product', archived: false, folders: [], listedAt: NOW },
    fields: {
      statuses: [
        { name: 'open', type: 'open' },
        { name: 'shipped', type: 'done' },
      ],
    },
    lists: [
      { id: '901', name: 'Roadmap', ...list },
      { id: '902', name: 'Inbox', ...list },
    ],
  })
  await saveSpaceIds(state, 'main', { readAt: NOW, spaceIds: ['3'] })
})
afterEach(async () => {
  home.remove()
  await stack.close()
})

/** What somebody at a terminal is asked, who says no. */
async function ask(...args: string[]): Promise<string> {
  const asked: string[] = []
  const line = async (question: string) => {
    asked.push(question)
    return 'n'
  }
  await main(args, {
    ...{ write: () => undefined, note: () => undefined, columns: 80, colours: false, now: () => NOW, cwd: home.path },
    input: { isTerminal: true, line, hidden: line, all: async () => '' },
  })
  return asked.join('')
}

const hookline = (...args: string[]) => run(home.path, args)
const DONE = ['subscribe', '--field', 'status', '--to', 'done', '--list', 'roadmap']

const publish = (type: string, list: string) =>
  clients.events.send(
    new PutEventsCommand({
      Entries: [
        {
          ...{ EventBusName: 'hookline-dev', Source: 'hookline', DetailType: 'Task Status Changed' },
          Detail: JSON.stringify({
            n: `${type} ${list}`,
            after: { name: 'x', type },
            location: { list: { id: list } },
          }),
        },
      ],
    }),
  )

test('it prints code, with the ids of the names that were given', async () => {
  const { status, out } = await hookline(...DONE)
  expect(status).toBe(0)
  expect(out).toContain('export class StatusToDoneRoadmapSubscription extends Stack')
  expect(out).toContain("location: { list: { id: ['901'] } }")
  expect(out).toContain("after: { type: ['done', 'closed'] }")
  expect(out).toContain("EventBus.fromEventBusName(this, 'Bus', 'hookline-dev')")
})

test('the type of a status is known in any case', async () => {
  const { out } = await hookline('subscribe', '--field', 'status', '--to', 'Type:Done', '--json')
  expect(JSON.parse(out).pattern.detail).toEqual({ after: { type: ['done', 'closed'] } })
})

test('--dry-run asks which of the newest changes would have matched', async () => {
  const shipped = { name: 'Shipped', type: 'done' }
  await record(stack, '86c1', { list: { id: '901', name: 'Roadmap' } })
  await record(stack, '86c2', { list: { id: '902', name: 'Inbox' } })
  const hit = aChange({ after: shipped })
  const elsewhere = aChange({ after: shipped, resource: { kind: 'task', id: '86c2' } })
  await complete(stack, [hit, elsewhere, aChange(), aChange({ field: 'name', before: 'a', after: 'shipped' })])
  const { status, out } = await hookline(...DONE, '--dry-run', '--json')
  const answer = z
    .looseObject({ tried: z.number(), matched: z.number(), changes: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(out))
  expect(status).toBe(0)
  expect(answer).toMatchObject({ tried: 4, matched: 1 })
  expect(answer.changes.map(({ id }) => id)).toEqual([hit.id])
  const { out: text } = await hookline(...DONE, '--dry-run', '2')
  expect(text).toContain('of the newest 2 changes would have matched')
})

test('--deploy makes a rule that really delivers, twice the same; it is listed and removed', async () => {
  const deploy = () => hookline(...DONE, '--name', 'done', '--deploy', '--yes', '--json')
  const first = await deploy()
  expect(first.status).toBe(0)
  expect((await deploy()).out).toBe(first.out)
  const deployed = z.looseObject({ targetArn: z.string(), deadLettersUrl: z.string() }).parse(JSON.parse(first.out))
  const queueUrl = deployed.deadLettersUrl.replace(/-dead$/, '')

  await publish('open', '901')
  await publish('closed', '902')
  await publish('closed', '901')
  const receive = { QueueUrl: queueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }
  const { Messages = [] } = await stack.sqs.send(new ReceiveMessageCommand(receive))
  expect(Messages.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([
    expect.objectContaining({ detail: expect.objectContaining({ n: 'closed 901' }) }),
  ])
  const { Attributes } = await stack.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deployed.deadLettersUrl, AttributeNames: ['Policy'] }),
  )
  expect(Attributes?.['Policy']).toContain('rule/hookline-dev/hookline-dev-sub-done')

  const listed = await hookline('subscriptions', '--json')
  expect(JSON.parse(listed.out)).toEqual([
    expect.objectContaining({ name: 'done', enabled: true, targets: [deployed.targetArn], undelivered: 0 }),
  ])
  expect(await hookline('unsubscribe', 'done')).toMatchObject({ status: 1, err: expect.stringContaining('--yes') })
  expect(await hookline('unsubscribe', 'done', '--yes')).toMatchObject({ status: 0 })
  expect(JSON.parse((await hookline('subscriptions', '--json')).out)).toEqual([])
  await expect(stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }))).rejects.toThrow()
  expect(await hookline('unsubscribe', 'done', '--yes')).toMatchObject({ status: 1 })
})

test('a name that nobody has chosen takes the place of no other subscription', async () => {
  const { arn } = await stack.gateway.createQueue({ name: 'other', attributes: {} })
  const deploy = (...more: string[]) => hookline(...DONE, '--deploy', '--yes', ...more)
  const targets = async () => JSON.parse((await hookline('subscriptions', '--json')).out)[0].targets
  expect(await deploy()).toMatchObject({ status: 0 })
  const first = await targets()
  expect(await deploy()).toMatchObject({ status: 0 })
  for (const more of [['--arn', arn], ['--not-own']])
    expect(await deploy(...more)).toMatchObject({
      status: 1,
      err: expect.stringContaining('There is another subscription status-to-done-roadmap already'),
    })
  expect(await targets()).toEqual(first)
  expect(await deploy('--arn', arn, '--name', 'status-to-done-roadmap')).toMatchObject({ status: 0 })
  expect(await targets()).toEqual([arn])
})

test('whoever takes a subscription away is told of what nobody has read', async () => {
  await hookline(...DONE, '--name', 'done', '--deploy', '--yes')
  await publish('closed', '901')
  const { arn } = await stack.gateway.createQueue({ name: 'other', attributes: {} })
  const unread = async () => JSON.parse((await hookline('subscriptions', '--json')).out)
  await expect.poll(unread).toMatchObject([{ unread: 1, undelivered: 0 }])
  const question = await ask('unsubscribe', 'done')
  expect(question).toContain('1 event in its queues would be lost.')
  // Another target by now, and the queue of before is still there.
  await hookline(...DONE, '--name', 'done', '--arn', arn, '--deploy', '--yes')
  const { out } = await hookline('unsubscribe', 'done', '--yes', '--json')
  expect(JSON.parse(out)).toMatchObject({ name: 'done', lost: 1 })
})

test("somebody else's queue lets the rule in, keeps the rest of its policy, and stays", async () => {
  const theirs = { Sid: 'Theirs', Effect: 'Allow', Principal: '*', Action: 'sqs:ReceiveMessage', Resource: '*' }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [theirs] })
  const { arn, url } = await stack.gateway.createQueue({ name: 'theirs', attributes: { Policy } })
  const sids = async () => {
    const { Attributes } = await stack.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] }),
    )
    const policy = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) })
    return policy.parse(JSON.parse(Attributes?.['Policy'] ?? '')).Statement.map(({ Sid }) => Sid)
  }
  const deploy = () => hookline(...DONE, '--name', 'done', '--arn', arn, '--deploy', '--yes')
  expect(await deploy()).toMatchObject({ status: 0 })
  expect(await deploy()).toMatchObject({ status: 0 })
  expect(await sids()).toEqual(['Theirs', 'hooklinedevsubdone'])
  expect(await hookline('unsubscribe', 'done', '--yes')).toMatchObject({ status: 0 })
  expect(await sids()).toEqual(['Theirs'])
  expect(await deploy()).toMatchObject({ status: 0 })
  // It goes elsewhere from now on, and the right to send here goes with it.
  expect(await hookline(...DONE, '--name', 'done', '--deploy', '--yes')).toMatchObject({ status: 0 })
  expect(await sids()).toEqual(['Theirs'])
  const missing = await hookline(
    ...DONE,
    '--name',
    'done',
    '--arn',
    arn.replace('theirs', 'nowhere'),
    '--deploy',
    '--yes',
  )
  expect(missing).toMatchObject({ status: 1, err: expect.stringContaining('There is no queue') })
})

test.each([
  ['one statement without a list', (one: object) => ({ Version: '2012-10-17', Statement: one }), ['Theirs'], 0],
  ['a policy that nobody can read', () => ({ Statement: 'Theirs' }), null, 1],
] as const)("of somebody else's queue, %s is not lost", async (_what, policyOf, sids, status) => {
  const theirs = { Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }
  const before = JSON.stringify(policyOf(theirs))
  const { arn, url } = await stack.gateway.createQueue({ name: 'theirs', attributes: { Policy: before } })
  const policy = async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] })
    return (await stack.sqs.send(command)).Attributes?.['Policy'] ?? ''
  }
  const deployed = await hookline(...DONE, '--name', 'done', '--arn', arn, '--deploy', '--yes')
  expect(deployed.status).toBe(status)
  if (sids === null) {
    expect(deployed.err).toContain('in a form that cannot be amended')
    expect(await policy()).toBe(before)
  } else expect(await policy()).toContain('hooklinedevsubdone')
  expect(await hookline('unsubscribe', 'done', '--yes')).toMatchObject({ status: 0 })
  const { Statement } = z.looseObject({ Statement: z.unknown() }).parse(JSON.parse(await policy()))
  expect(Statement).toEqual(sids === null ? 'Theirs' : [theirs])
})

test("another account's queue is not taken for one of ours that has its name", async () => {
  const { arn, url } = await stack.gateway.createQueue({ name: 'theirs', attributes: {} })
  const foreign = arn.replace(/:\d{12}:/, ':999999999999:')
  const { status, err } = await hookline(...DONE, '--name', 'done', '--arn', foreign, '--deploy', '--yes')
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('There is no queue') })
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] })
  expect((await stack.sqs.send(command)).Attributes?.['Policy'] ?? '').toBe('')
})

test('a function is let in, invoked, and left alone again', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:on-done'
  stack.gateway.lambda.addFunction({
    ...{ name: 'on-done', arn, description: '', runtime: 'nodejs24.x', handler: 'index.handler', timeoutSeconds: 3 },
    ...{ memoryMb: 128, roleArn: 'r', environment: {}, logGroup: 'g', recursiveLoop: 'Terminate', versions: [] },
    aliases: [],
  })
  const invoked = Promise.withResolvers<unknown[]>()
  stack.gateway.onInvoke(async (...call) => invoked.resolve(call))
  const deploy = () => hookline(...DONE, '--name', 'done', '--target', 'lambda', '--arn', arn, '--deploy', '--yes')
  expect(await deploy()).toMatchObject({ status: 0 })
  expect(await deploy()).toMatchObject({ status: 0 })
  await publish('closed', '901')
  expect(await invoked.promise).toEqual([arn, expect.objectContaining({ 'detail-type': 'Task Status Changed' })])
  expect(await hookline('unsubscribe', 'done', '--yes')).toMatchObject({
    status: 0,
    out: expect.stringContaining('gone'),
  })
})

test('a function that is not there is called so', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:nowhere'
  const { status, err } = await hookline(...DONE, '--target', 'lambda', '--arn', arn, '--deploy', '--yes')
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining(`There is no function ${arn}`) })
})

test.each([
  [['--to', 'done'], '--from and --to need one --field'],
  [['--field', 'due date', '--to', 'any'], 'must be none or a number, a time in milliseconds'],
  [['--field', 'status', '--to', 'type:don'], 'There is no status type:don: the types are type:open'],
  [['--list', 'Backlog'], 'There is no list Backlog: there are Roadmap, Inbox.'],
  [['--type', 'Task Exploded'], 'There is no detail type'],
  [['--target', 'https'], 'needs its address'],
  [['--target', 'https', '--url', 'https://example.com'], '--secret'],
  [['--target', 'lambda'], 'needs the ARN of its function'],
  [['--origin', 'carrier-pigeon'], 'There is no origin'],
  [['--field', 'status', '--type', 'Task Created'], 'not both'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { status, out, err } = await hookline('subscribe', ...args)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toContain(sentence)
})
