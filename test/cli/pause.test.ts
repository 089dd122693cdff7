import { userInfo } from 'node:os'
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import { beginPause, endPause } from '../../core/pause/change.ts'
import { loadPause, PAUSE_KEY } from '../../core/pause/pause.ts'
import { PK } from '../../core/platform/tables.ts'
import { parseJob } from '../../core/sync/job.ts'
import { directory, NOW, type Ran, type Stack, startStack, TABLES } from './stack.ts'
import { HOUR, MINUTE, saveBackfill, saveSweep, saveWell, stateOf } from './states.ts'

const QUEUES = ['deliveries', 'jobs', 'guard'] as const
const ME = userInfo().username

let stack: Stack
let home: ReturnType<typeof directory>
let queues: Record<string, string>
/** What was switched, in its order. */
let switched: string[]
/** What the next switching waits for. */
let arrives: Promise<void>
/** What happens when a queue is polled again, and when it is left alone. */
let on: () => Promise<void>
let off: () => Promise<void>
beforeEach(async () => {
  stack = await startStack()
  switched = []
  arrives = Promise.resolve()
  on = async () => undefined
  off = async () => undefined
  const [jobs, guard] = await Promise.all(
    ['jobs', 'guard'].map((name) => stack.gateway.createQueue({ name, attributes: {} })),
  )
  queues = { ...stack.queues, jobs: jobs?.url ?? '', guard: guard?.url ?? '' }
  for (const name of QUEUES) await feed(name)
  home = directory({ ...stack.local, stage: 'dev', queues })
})

/** Has a function be fed from the queue of a name. */
async function feed(name: string): Promise<void> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queues[name], AttributeNames: ['QueueArn'] })
  stack.gateway.lambda.addMapping({
    ...{ uuid: name, batchSize: 10, windowSeconds: 0, reportsFailures: true, maximumConcurrency: 2, enabled: true },
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    queueArn: (await stack.sqs.send(command)).Attributes?.['QueueArn'] ?? '',
    enable: () => {
      switched.push(`${name} on`)
      void on()
    },
    disable: async () => {
      await arrives
      await off()
      switched.push(`${name} off`)
    },
  })
}

afterEach(async () => {
  home.remove()
  await stack.close()
})

/** The command; waiting moves its clock on, and lets what goes on beside it happen. */
async function hookline(args: readonly string[], answer?: string): Promise<Ran & { lines: (string | null)[] }> {
  const ran: Ran & { lines: (string | null)[] } = { status: null, out: '', err: '', lines: [] }
  let ahead = 0
  const line = async () => answer ?? ''
  const status = await main(args, {
    write: (text) => {
      ran.out += text
    },
    note: (line) => {
      ran.err += `${line}\n`
    },
    columns: undefined,
    colours: false,
    now: () => NOW + ahead,
    cwd: home.path,
    progress: (text) => void ran.lines.push(text),
    sleep: async (ms) => {
      ahead += ms
      await new Promise((done) => setTimeout(done, 1))
    },
    ...(answer === undefined ? {} : { input: { isTerminal: true, line, hidden: line, all: async () => '' } }),
  })
  return { ...ran, status }
}

const stored = () => loadPause(stateOf(stack))
async function jobsOn(queue: string) {
  const command = new ReceiveMessageCommand({ QueueUrl: queues[queue], MaxNumberOfMessages: 10 })
  const { Messages = [] } = await stack.sqs.send(command)
  return Messages.map(({ Body = '' }) => parseJob(Body))
}

describe('hookline pause', () => {
  test('writes down who and why, has Lambda leave the queues alone, and waits until it does', async () => {
    arrives = new Promise((done) => void setTimeout(done, 20))
    const { status, out, err, lines } = await hookline(['pause', '--reason', 'a migration', '--yes'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toBe(
      `Paused, by ${ME}: a migration (local stack).\nDeliveries go on being accepted and wait in the queue, for 14 days. Go on with: npx hookline resume\n`,
    )
    expect(await stored()).toMatchObject({ since: NOW, by: ME, reason: 'a migration' })
    expect(switched.toSorted()).toEqual(['deliveries off', 'guard off', 'jobs off'])
    expect(lines).toContain('Waiting until Lambda leaves alone: deliveries, jobs, guard ...')
    expect(lines.at(-1)).toBeNull()
  })

  test('has Lambda leave summaries and recipes alone, too, where a stage has them, until it goes on', async () => {
    const standup = await stack.gateway.createQueue({ name: 'standup', attributes: {} })
    queues = { ...queues, standup: standup.url }
    await feed('standup')
    home.remove()
    home = directory({ ...stack.local, stage: 'dev', queues })
    expect(await hookline(['pause', '--yes'])).toMatchObject({ status: 0, err: '' })
    expect(switched.toSorted()).toEqual(['deliveries off', 'guard off', 'jobs off', 'standup off'])
    switched = []
    expect(await hookline(['resume'])).toMatchObject({ status: 0, err: '' })
    expect(switched.toSorted()).toEqual(['deliveries on', 'guard on', 'jobs on', 'standup on'])
  })

  test('asks first, and changes nothing without a yes', async () => {
    expect(await hookline(['pause'], 'n')).toMatchObject({ status: 0, err: 'Nothing was changed.\n' })
    expect(await hookline(['pause'])).toMatchObject({ status: 1, err: expect.stringContaining('--yes') })
    expect([await stored(), switched]).toEqual([null, []])
  })

  test('once more writes the reason anew, and switches nothing', async () => {
    await hookline(['pause', '--yes'])
    switched.length = 0
    const { out } = await hookline(['pause', '--yes', '--reason', 'it takes longer', '--json'])
    expect(JSON.parse(out)).toEqual({
      ...{ target: 'local stack', changed: false, since: NOW, by: ME, reason: 'it takes longer' },
      queues: QUEUES.map((queue) => ({ queue, state: 'Disabled' })),
    })
    expect([(await stored())?.since, switched]).toEqual([NOW, []])
  })

  test('pauses without the right to switch, and says what that means', async () => {
    stack.gateway.admit({
      ...{ accessKeyId: stack.local.credentials.accessKeyId, name: 'operator' },
      statements: [{ effect: 'Allow', actions: ['dynamodb:*', 'sqs:*', 'lambda:List*'], resources: ['*'] }],
    })
    const { status, err } = await hookline(['pause', '--yes'])
    expect(status).toBe(0)
    expect(err).toContain('lambda:UpdateEventSourceMapping')
    expect(err).toContain('It is paused all the same')
    expect((await stored())?.since).toBe(NOW)
    const resumed = await hookline(['resume'])
    // They were never switched off.
    expect(resumed).toMatchObject({ status: 0, err: '' })
  })
})

describe('of two operators who want opposite things at once, the last has the say', () => {
  const states = (out: string) =>
    z.looseObject({ queues: z.array(z.looseObject({ state: z.string() })) }).parse(JSON.parse(out)).queues

  test('what was paused and is resumed while Lambda takes its time is polled in the end', async () => {
    // The other one has seen every queue polled still, and has ended.
    off = async () => void (await endPause(stateOf(stack), NOW))
    const { status, out, err } = await hookline(['pause', '--yes', '--json'])
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('Somebody has resumed it') })
    expect(states(out).map(({ state }) => state)).toEqual(['Enabled', 'Enabled', 'Enabled'])
    expect((await stored())?.since).toBeNull()
  })

  test('and what was resumed and is paused again is left alone', async () => {
    await hookline(['pause', '--yes'])
    on = async () => void (await beginPause(stateOf(stack), { by: 'ada', reason: null, now: NOW }))
    const { status, out, err } = await hookline(['resume', '--json'])
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('paused it again') })
    expect(states(out).map(({ state }) => state)).toEqual(['Disabled', 'Disabled', 'Disabled'])
  })
})

describe('hookline resume', () => {
  test('ends it, has Lambda poll again, and asks for what would come by the clock', async () => {
    await saveWell(stack)
    await saveBackfill(stack, { version: 1, run: 'r2', phase: 'tasks', endedAt: null })
    await beginPause(stateOf(stack), { by: 'ada', reason: null, now: NOW - HOUR })
    await hookline(['pause', '--yes'])
    switched.length = 0
    const { status, out, err } = await hookline(['resume'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain('Resumed after 1h (local stack).')
    expect(await stored()).toMatchObject({ since: null, past: [{ from: NOW - HOUR, to: NOW }] })
    expect(switched.toSorted()).toEqual(['deliveries on', 'guard on', 'jobs on'])
    expect(await jobsOn('guard')).toEqual([{ job: 'guard', connection: '*', reason: 'asked' }])
    const asked = await jobsOn('jobs')
    expect(asked).toHaveLength(2)
    expect(asked).toContainEqual({ job: 'sweep', connection: 'main', reason: 'asked' })
    expect(asked).toContainEqual({ job: 'backfill', connection: 'main', run: 'r2', reason: 'asked' })
  })

  test('where nothing is paused asks for nothing, and sees to it that the queues are polled', async () => {
    await hookline(['pause', '--yes'])
    await stack.dynamo.send(
      new PutCommand({
        TableName: TABLES.state,
        Item: { [PK]: PAUSE_KEY, v: 1, since: null, by: '', reason: null, past: [] },
      }),
    )
    switched.length = 0
    expect(await hookline(['resume'])).toMatchObject({ status: 0, out: 'It was not paused (local stack).\n' })
    expect(switched).toHaveLength(3)
    expect([await jobsOn('jobs'), await jobsOn('guard')]).toEqual([[], []])
  })

  test('what cannot be read was a pause to everybody: it is ended, and gone on with', async () => {
    await stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { [PK]: PAUSE_KEY, v: 9 } }))
    expect(await hookline(['resume'])).toMatchObject({ status: 0, out: expect.stringContaining('Resumed after') })
    expect((await stored())?.since).toBeNull()
    expect(await jobsOn('jobs')).toEqual([{ job: 'sweep', connection: 'main', reason: 'asked' }])
  })

  test('ends with status 1 where it may not switch what is off: nothing would be worked off', async () => {
    await hookline(['pause', '--yes'])
    stack.gateway.admit({
      ...{ accessKeyId: stack.local.credentials.accessKeyId, name: 'operator' },
      statements: [{ effect: 'Allow', actions: ['dynamodb:*', 'sqs:*', 'lambda:List*'], resources: ['*'] }],
    })
    const { status, err } = await hookline(['resume'])
    expect(status).toBe(1)
    expect(err).toContain('nothing is worked off until it does')
    expect((await stored())?.since).toBeNull()
  })
})

describe('while it is paused', () => {
  beforeEach(() =>
    saveWell(stack).then(() => beginPause(stateOf(stack), { by: 'ada', reason: 'a migration', now: NOW - HOUR })),
  )

  test.each(['sync', 'backfill', 'connect', 'rotate signing', 'rotate token'])('hookline %s refuses', async (what) => {
    const { status, out, err } = await hookline(what.split(' '))
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toBe(
      'hookline: Hookline was paused 1h ago by ada (a migration): run npx hookline resume first (local stack).\n',
    )
  })

  test('status says so first, and takes what stands still for nothing else', async () => {
    await saveSweep(stack, {
      version: 1,
      run: 'r2',
      phase: 'tasks',
      endedAt: null,
      updatedAt: NOW - HOUR,
      watermark: NOW - 80 * MINUTE,
    })
    const { out } = await hookline(['status'])
    expect(out.split('\n').slice(0, 2).join(' ').replace(/\s+/g, ' ')).toContain(
      'paused 1h ago by ada (a migration): nothing is done and ClickUp is not asked until npx hookline resume',
    )
    const { verdict, pause } = z
      .looseObject({
        verdict: z.looseObject({ level: z.string(), matters: z.array(z.looseObject({ kind: z.string() })) }),
        pause: z.unknown(),
      })
      .parse(JSON.parse((await hookline(['status', '--json'])).out))
    expect([verdict.level, ...verdict.matters.map(({ kind }) => kind).filter((kind) => kind !== 'openGap')]).toEqual([
      'amber',
      'paused',
    ])
    expect(pause).toEqual({ since: NOW - HOUR, by: 'ada', reason: 'a migration' })
  })

  test('status after it calls nothing late for the time that was paused', async () => {
    await saveSweep(stack, {
      version: 1,
      run: 'r2',
      phase: 'tasks',
      endedAt: null,
      updatedAt: NOW - HOUR,
      watermark: NOW - 80 * MINUTE,
    })
    await hookline(['resume'])
    const { verdict } = z
      .looseObject({ verdict: z.looseObject({ level: z.string() }) })
      .parse(JSON.parse((await hookline(['status', '--json'])).out))
    expect(verdict.level).toBe('well')
  })
})
