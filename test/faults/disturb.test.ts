import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { expect, it } from 'vitest'
import { stateKey } from '../../core/platform/tables.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { createDisturbance } from '../../local/faults/disturb.ts'
import { type Fault, FROZEN_MS } from '../../local/faults/faults.ts'
import { createVirtualAws } from '../../local/virtual/aws/aws.ts'
import { TABLES } from '../../local/virtual/aws/tables.ts'
import { QUEUES } from '../../local/virtual/environment.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'

/** A container whose first call is disturbed, with AWS behind it, and another one that is not. */
function setUp(fault: Fault) {
  const time = createVirtualTime(0)
  const random = createRandom(1)
  const entries: unknown[] = []
  const aws = createVirtualAws({
    time,
    random,
    onEntry: (entry) => void entries.push(entry),
    onRotation: async () => undefined,
  })
  const disturbance = createDisturbance(['worker '], ({ index }) => (index === 0 ? fault : null))
  disturbance.begin(time, { from: 0, until: Number.POSITIVE_INFINITY })
  const clientsOf = (label: string) =>
    aws.clients({
      ...{ time, random: random.fork(label) },
      through: (call, next) => disturbance.through(call, next, { label, sleep: time.sleep }),
    })
  /** What comes of an act, and when; nothing for what is never answered. */
  async function ending(act: Promise<unknown>): Promise<{ at: number; answer: unknown } | null> {
    let ended: { at: number; answer: unknown } | null = null
    void act.then(
      (answer) => {
        ended = { at: time.now(), answer }
      },
      (error: unknown) => {
        ended = { at: time.now(), answer: error instanceof Error ? error.name : error }
      },
    )
    await time.run()
    return ended
  }
  const { sqs, dynamo, events } = clientsOf('worker 0')
  return { time, aws, disturbance, entries, sqs, dynamo, events, other: clientsOf('worker 1'), ending }
}

const message = new SendMessageCommand({ QueueUrl: QUEUES.quarantine, MessageBody: 'one' })
const asideIn = ({ aws }: ReturnType<typeof setUp>) => aws.sqs.queue(QUEUES.quarantine).size()

it.each([
  ['diesBefore', 0, null],
  ['diesAfter', 1, null],
  ['fails', 0, 'ServiceUnavailable'],
  ['throttled', 0, 'RequestThrottled'],
  ['refused', 0, 'AccessDeniedException'],
  ['timesOut', 0, 'TimeoutError'],
  ['timesOutAfter', 1, 'TimeoutError'],
] as const)('%s: %i messages arrive, and what is heard is %s', async (fault, arrived, heard) => {
  const its = setUp(fault)
  expect((await its.ending(its.sqs.send(message)))?.answer ?? null).toBe(heard)
  expect(asideIn(its)).toBe(arrived)
})

it('whoever has died makes no other call and hears of none, and others go on', async () => {
  const its = setUp('diesBefore')
  const key = { pk: stateKey('main', 'connection') }
  expect(await its.ending(its.sqs.send(message))).toBeNull()
  expect(await its.ending(its.dynamo.send(new GetCommand({ TableName: TABLES.state, Key: key })))).toBeNull()
  expect(await its.ending(its.sqs.send(message))).toBeNull()
  expect(asideIn(its)).toBe(0)
  expect(await its.ending(its.other.sqs.send(message))).not.toBeNull()
  expect(asideIn(its)).toBe(1)
})

it('twice happens twice and is answered once', async () => {
  const its = setUp('twice')
  expect((await its.ending(its.sqs.send(message)))?.answer).toMatchObject({ MessageId: 'message-2' })
  expect(asideIn(its)).toBe(2)
})

it('a batch is taken in part, and says which entries were not', async () => {
  const its = setUp('oneEntry')
  const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }))
  const sent = its.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUES.quarantine, Entries }))
  expect((await its.ending(sent))?.answer).toMatchObject({
    Successful: [{ Id: 'a' }, { Id: 'b' }],
    Failed: [{ Id: 'c', Code: 'InternalError' }],
  })
  expect(asideIn(its)).toBe(2)
})

it('a bus refuses every entry, and the call succeeds', async () => {
  const its = setUp('allEntries')
  const entry = { EventBusName: 'a', Source: 'b', DetailType: 'c', Detail: '{}', Resources: [] }
  const put = its.events.send(new PutEventsCommand({ Entries: [entry, entry] }))
  const refused = { ErrorCode: 'InternalFailure' }
  expect((await its.ending(put))?.answer).toMatchObject({ FailedEntryCount: 2, Entries: [refused, refused] })
  expect(its.entries).toEqual([])
})

it('whoever is frozen goes on long after', async () => {
  const its = setUp('frozen')
  expect((await its.ending(its.sqs.send(message)))?.at).toBeGreaterThanOrEqual(FROZEN_MS)
  expect(its.disturbance.outlives('worker 0')).toBe(true)
  expect(asideIn(its)).toBe(1)
})

it('whoever overlaps goes on when another begins the same call', async () => {
  const its = setUp('overlaps')
  its.time.schedule(5_000, () => void its.other.sqs.send(message))
  const ended = await its.ending(its.sqs.send(message))
  expect(ended?.at).toBeGreaterThan(5_000)
  expect(ended?.at).toBeLessThan(6_000)
  expect(asideIn(its)).toBe(2)
})
