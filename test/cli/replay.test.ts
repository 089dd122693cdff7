import { S3Client } from '@aws-sdk/client-s3'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { Failure } from '../../cli/failure.ts'
import { main } from '../../cli/main.ts'
import { replayArchive } from '../../cli/replay/archive.ts'
import { withTarget } from '../../cli/target.ts'
import { archiveDeliveries } from '../../core/archive/store.ts'
import { changeEventSchema } from '../../core/publish/event.ts'
import { drain } from '../quarantine/support.ts'
import { aChange, complete, directory, NOW, record, run, type Stack, startStack, TABLES } from './stack.ts'

const BUCKET = 'archive'
const MINUTE = 60_000

let stack: Stack
let home: ReturnType<typeof directory>
let subscriber: string
let exceptReplays: string
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
  const { gateway } = stack
  gateway.createBus('bus')
  const listen = async (name: string, detail: object) => {
    const { arn, url } = await gateway.createQueue({ name, attributes: {} })
    const eventPattern = { source: ['hookline'], detail }
    gateway.putRule({ name, bus: 'bus', eventPattern, targets: [{ id: 'queue', arn }] })
    return url
  }
  subscriber = await listen('subscriber', { resource: { kind: ['task'] } })
  exceptReplays = await listen('except-replays', { origin: [{ 'anything-but': ['replay'] }] })
  home = directory({ ...stack.local, busName: 'bus', archiveBucket: BUCKET })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  home.remove()
  await stack.close()
})

const replay = (...args: string[]) => run(home.path, ['replay', ...args])
const envelopeSchema = z.object({ 'detail-type': z.string(), detail: changeEventSchema })
/** What a subscriber has got since it was last asked. */
async function heard(queue = subscriber) {
  const messages = await drain(stack.sqs, queue)
  const events = messages.map(({ body }) => envelopeSchema.parse(JSON.parse(body)).detail)
  return events.sort((a, b) => a.at - b.at)
}

describe('from the ledger', () => {
  const changes = () => [3, 2, 1].map((ago) => aChange({ at: NOW - ago * MINUTE }))

  test('every subscriber gets the changes again, but for those who want no replays', async () => {
    const its = changes()
    await complete(stack, its)
    await record(stack, '86c1', { name: 'As it is now' })
    const { status, out } = await replay('--since', '1h', '--run-id', 'repair', '--yes')
    expect({ status, out }).toEqual({ status: 0, out: '3 changes published again, run repair.\n' })
    const events = await heard()
    expect(events.map(({ changeId }) => changeId)).toEqual(its.map(({ id }) => id))
    for (const event of events)
      expect(event).toMatchObject({ origin: 'replay', replay: { run: 'repair', origin: 'webhook' }, degraded: false })
    expect(events[0]?.task?.name).toBe('As it is now')
    expect(await heard(exceptReplays)).toEqual([])
  })

  test('dry says what there is by detail type, and sends nothing', async () => {
    await complete(stack, [...changes(), aChange({ at: NOW - MINUTE, field: 'priority' })])
    const { out, err } = await replay('--since', '1h', '--dry-run')
    expect(out).toMatch(/Task Status Changed +3\nTask Priority Changed +1\n/)
    expect(err).toBe('4 changes would be published again. Nothing was sent.\n')
    const { out: json } = await replay('--since', '1h', '--field', 'priority', '--dry-run', '--json')
    expect(JSON.parse(json)).toMatchObject({ from: 'ledger', dryRun: true, total: 1, done: 0, ended: 'done' })
    expect(await heard()).toEqual([])
  })

  test('only what was published in the period, of one task', async () => {
    const other = { resource: { kind: 'task', id: 'other' } }
    await complete(stack, [...changes(), aChange({ at: NOW - 2 * MINUTE, ...other })])
    const until = new Date(NOW - MINUTE).toISOString()
    expect(await replay('--since', '150s', '--until', until, '--task', '86c1', '--yes')).toMatchObject({ status: 0 })
    expect((await heard()).map(({ at, resource }) => [at, resource.id])).toEqual([[NOW - 2 * MINUTE, '86c1']])
  })

  test('asks first, and a period without changes is no question', async () => {
    expect(await replay('--since', '1h')).toEqual({
      ...{ status: 0, out: 'The ledger has no such change (local stack).\n', err: '' },
    })
    await complete(stack, changes())
    expect(await replay('--since', '1h')).toMatchObject({ status: 1, err: expect.stringContaining('say --yes') })
    expect(await heard()).toEqual([])
  })

  test('broken off it says how to go on, and both together have published everything', async () => {
    const its = Array.from({ length: 25 }, (_, i) => aChange({ at: NOW - (25 - i) * MINUTE }))
    await complete(stack, its)
    let interrupt: () => void = () => undefined
    const notes: string[] = []
    await main(['replay', '--since', '1h', '--rate', '60', '--run-id', 'long', '--yes'], {
      ...{ write: () => undefined, note: (line: string) => void notes.push(line), columns: 80, colours: false },
      ...{ now: () => NOW, cwd: home.path },
      sleep: async () => {
        interrupt()
        throw new Error('ended')
      },
      onInterrupt: (act) => {
        interrupt = act
        return () => undefined
      },
    })
    const [, goOn = ''] = /Go on with: npx hookline (.*)$/.exec(notes[0] ?? '') ?? []
    expect(notes[0]).toMatch(/^10 of 25 changes were published\. Go on with: npx hookline replay --since 2026-/)
    expect(goOn).toContain('--run-id long')
    const first = await heard()
    expect(first).toHaveLength(10)
    expect(await run(home.path, [...goOn.replace('--rate 60', '').trim().split(/\s+/), '--yes'])).toMatchObject({
      status: 0,
    })
    const ids = new Set([...first, ...(await heard())].map(({ changeId, replay: of }) => `${changeId} ${of?.run}`))
    expect(ids).toEqual(new Set(its.map(({ id }) => `${id} long`)))
  })

  const paused = { v: 1, since: NOW - MINUTE, by: 'ada', reason: null, past: [] }
  const store = (pause: object) =>
    stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { pk: 'pause', ...pause } }))

  test('not while Hookline is paused, nor while nobody can tell', async () => {
    await complete(stack, changes())
    for (const [pause, by] of [
      [paused, 'by ada'],
      [{ v: 9 }, 'by unknown'],
    ] as const) {
      await store(pause)
      const { status, err } = await replay('--since', '1h', '--yes')
      expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining(by) })
      expect(err).toContain('run npx hookline resume first')
    }
    expect(await heard()).toEqual([])
  })

  test('a pause that begins meanwhile stops it within seconds, and it says how to go on', async () => {
    await complete(
      stack,
      Array.from({ length: 25 }, (_, i) => aChange({ at: NOW - (25 - i) * MINUTE })),
    )
    let now = NOW
    const notes: string[] = []
    const status = await main(['replay', '--since', '1h', '--rate', '60', '--run-id', 'long', '--yes'], {
      ...{ write: () => undefined, note: (line: string) => void notes.push(line), columns: 80, colours: false },
      ...{ now: () => now, cwd: home.path },
      sleep: async (ms) => {
        await store(paused)
        now += ms
      },
    })
    expect(status).toBe(1)
    expect(notes.at(-1)).toMatch(
      /Somebody has paused Hookline: run npx hookline resume first\. Go on with: .*--run-id long/,
    )
    expect(await heard()).toHaveLength(10)
  })

  test('says in a sentence what is wrong with the question', async () => {
    for (const [args, sentence] of [
      [[], /required option '--since <time>'/],
      [['--since', '1h', '--until', '2h'], /--until must be later/],
      [['--since', '1h', '--connection', 'sales'], /There is no connection sales: use one of main/],
      [['--since', '1h', '--run-id', 'a b'], /must be 1 to 64 letters/],
      [['--from', 'raw', '--since', '1h', '--task', 'x'], /are for the ledger/],
    ] as const) {
      const { status, err } = await replay(...args)
      expect(status).not.toBe(0)
      expect(err).toMatch(sentence)
    }
  })
})

describe('from raw', () => {
  async function keep(): Promise<void> {
    const { gateway, url } = stack
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' }
    const s3 = new S3Client({ endpoint: url, region: gateway.region, credentials })
    await gateway.s3.createBucket(BUCKET)
    const deliveries = [90, 20, 10].map((minutes) => ({
      ...({ connection: 'main', slot: 'a', encoding: 'text', body: `{"n":${minutes}}` } as const),
      receivedAt: NOW - minutes * MINUTE,
    }))
    await archiveDeliveries({ s3, bucket: BUCKET }, deliveries, () => 'one')
    s3.destroy()
  }

  test('sends the deliveries of the period to the deliveries queue, with the time of their first arrival', async () => {
    await keep()
    expect(await replay('--from', 'raw', '--since', '1h', '--dry-run')).toMatchObject({
      out: 'This would send 2 archived deliveries, 50 a minute, to the deliveries queue (local stack).\n',
    })
    const { status, out } = await replay('--from', 'raw', '--since', '1h', '--yes', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ from: 'raw', total: 2, done: 2, ended: 'done' })
    const sent = await drain(stack.sqs, stack.queues.deliveries)
    expect(sent.map(({ body, attributes }) => [body, attributes['receivedAt'], attributes['resentAt']]).sort()).toEqual(
      [
        ['{"n":10}', String(NOW - 10 * MINUTE), String(NOW)],
        ['{"n":20}', String(NOW - 20 * MINUTE), String(NOW)],
      ],
    )
  })

  test('broken off between two connections, it goes on with the whole of the second', async () => {
    const { gateway, url } = stack
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' }
    const s3 = new S3Client({ endpoint: url, region: gateway.region, credentials })
    await gateway.s3.createBucket(BUCKET)
    const kept = ['main', 'second'].map((connection) => ({
      ...({ connection, slot: 'a', encoding: 'text', body: '{}' } as const),
      receivedAt: NOW - 30 * MINUTE,
    }))
    await archiveDeliveries({ s3, bucket: BUCKET }, kept, () => 'one')
    s3.destroy()
    let interrupt: () => void = () => undefined
    const notes: string[] = []
    const io = {
      ...{ write: () => undefined, note: (line: string) => void notes.push(line), columns: 80, colours: false },
      ...{ now: () => NOW, cwd: home.path },
      sleep: async () => {
        interrupt()
        throw new Failure('ended')
      },
      onInterrupt: (act: () => void) => {
        interrupt = act
        return () => undefined
      },
    }
    const since = NOW - 60 * MINUTE
    const common = { json: false, utc: true, dryRun: false, yes: true }
    const replayBoth = withTarget({}, home.path, (target) =>
      replayArchive(
        io,
        { ...target, connections: ['main', 'second'] },
        { ...common, from: 'raw', since, until: NOW, rate: 6 },
      ),
    )
    await expect(replayBoth).rejects.toThrow('ended')
    const from = new Date(since).toISOString()
    expect(notes).toEqual([
      expect.stringContaining(
        `1 of 2 deliveries were sent. Go on with: npx hookline replay --from raw --since ${from}`,
      ),
    ])
    expect(notes[0]).toContain('--connection second')
  })

  test('of a stage that keeps none says how to keep some', async () => {
    const { status, err } = await run(stack.cwd, ['replay', '--from', 'raw', '--since', '1h', '--yes'])
    expect({ status, err }).toMatchObject({
      status: 1,
      err: expect.stringContaining('set archive in hookline.config.ts'),
    })
  })
})
