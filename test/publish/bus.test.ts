import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { createPublish } from '../../core/publish/bus.ts'
import { changeEventSchema } from '../../core/publish/event.ts'
import { type AwsCall, AwsError, type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { event, snapshot } from './events.ts'

const BUS = 'hookline-test'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:everything'

const delivered = z.looseObject({
  'detail-type': z.string(),
  resources: z.array(z.string()),
  detail: changeEventSchema,
})
const entries = z.looseObject({ Entries: z.array(z.looseObject({ Detail: z.string() })) })

let gateway: AwsGateway
let client: EventBridgeClient
let got: z.infer<typeof delivered>[] = []

beforeAll(async () => {
  gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  gateway.createBus(BUS)
  gateway.putRule({
    name: 'everything',
    bus: BUS,
    eventPattern: { source: ['hookline'] },
    targets: [{ id: 'everything', arn: FUNCTION }],
  })
  gateway.onInvoke(async (_arn, payload) => void got.push(delivered.parse(payload)))
  client = new EventBridgeClient({
    endpoint: gateway.url,
    region: gateway.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
})
beforeEach(() => {
  got = []
})
afterAll(async () => {
  client.destroy()
  await gateway.close()
})

const publish = (events: Parameters<ReturnType<typeof createPublish>>[0]) =>
  createPublish({ client, busName: BUS })(events)

const events = (count: number, over: Parameters<typeof event>[1] = {}) =>
  Array.from({ length: count }, (_, i) => event({ id: `change ${i}`, resource: { kind: 'task', id: `t${i}` } }, over))

/** Sees the calls of one test; what it returns replaces a call's body. */
function intercept(see: (call: AwsCall) => unknown): void {
  onTestFinished(gateway.intercept((call) => see(call)))
}

it('an event arrives whole, under its detail type, with its resource beside it', async () => {
  const [whole] = events(1)
  expect(await publish(events(1))).toEqual([null])
  await expect.poll(() => got).toHaveLength(1)
  expect(got[0]).toMatchObject({ 'detail-type': 'Task Status Changed', resources: ['main/task/t0'] })
  expect(got[0]?.detail).toEqual(whole)
})

it('goes in calls of at most ten entries, each event once', async () => {
  const calls: number[] = []
  intercept(({ body }) => void calls.push(entries.parse(body).Entries.length))
  expect(await publish(events(25))).toEqual(Array(25).fill(null))
  expect(calls.sort()).toEqual([10, 10, 5].sort())
  await expect.poll(() => got).toHaveLength(25)
  expect(new Set(got.map(({ detail }) => detail.changeId)).size).toBe(25)
})

it('goes in calls of less than a megabyte, which the bus would refuse', async () => {
  const large = events(10, { task: snapshot({ name: 'x'.repeat(200 * 1024) }) })
  const bytes: number[] = []
  intercept(({ body }) => void bytes.push(JSON.stringify(body).length))
  expect(await publish(large)).toEqual(Array(10).fill(null))
  expect(bytes.length).toBeGreaterThan(1)
  for (const each of bytes) expect(each).toBeLessThan(1024 * 1024)
})

it('nothing to publish is no call', async () => {
  const calls: unknown[] = []
  intercept((call) => void calls.push(call))
  expect(await publish([])).toEqual([])
  expect(calls).toEqual([])
})

it('an entry that the bus refuses is told by its place, and holds back no other', async () => {
  intercept(({ body }) => {
    const call = entries.parse(body)
    const spoiled = call.Entries.map((entry) => (entry.Detail.includes('change 2"') ? { ...entry, Source: '' } : entry))
    return { ...call, Entries: spoiled }
  })
  const results = await publish(events(4))
  expect(results).toEqual([null, null, 'InvalidArgument', null])
  await expect.poll(() => got).toHaveLength(3)
  expect(got.map(({ detail }) => detail.changeId).sort()).toEqual(['change 0', 'change 1', 'change 3'])
})

it('an entry that the bus says nothing of does not pass for published', async () => {
  const forgetful = { send: async () => ({ Entries: [{ EventId: '1' }, {}] }) }
  const client = Object.assign(new EventBridgeClient({ region: 'us-east-1' }), forgetful)
  expect(await createPublish({ client, busName: BUS })(events(3))).toEqual([null, 'no result', 'no result'])
})

it('a call that fails does not pass for published', async () => {
  intercept(() => {
    throw new AwsError('InternalFailure', 'not now')
  })
  expect(await publish(events(2))).toEqual(['InternalFailure', 'InternalFailure'])
  expect(got).toEqual([])
})
