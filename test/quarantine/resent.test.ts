import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import { createPending, oldestPending } from '../../core/process/pending.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000
const MONTH = 30 * 86_400_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const answers = () => ({ '/task/abc': taskAnswer('abc', { date_updated: String(T) }) })
const changes = () => [
  delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]),
  delivery('taskPriorityUpdated', { task_id: 'abc' }, [taskItem.priority('2', T + 1)]),
  delivery('taskCommentPosted', { task_id: 'abc' }, [taskItem.comment('3', T + 2)]),
]

describe('messages that are sent again', () => {
  it('any number of times, in any order, leave the ledger as it is and publish nothing anew', async () => {
    const worker = await setUpConsumer({ embedded, now: T + 10_000, answers: answers() })
    const messages = changes().map((body) => worker.message(body, T + 5_000))
    await worker.run(messages)
    const before = await embedded.all(worker.tables.ledger)
    expect(before).toHaveLength(3)
    worker.clock.time = T + MONTH
    const again = messages.map((message): DeliveryMessage => ({ ...message, resentAt: T + MONTH }))
    await worker.run(again.toReversed())
    await worker.run([...again, ...again.slice(0, 1)])
    expect(await embedded.all(worker.tables.ledger)).toEqual(before)
    expect(worker.published).toHaveLength(3)
    expect(worker.quarantined).toEqual([])
  })

  it('after weeks may wait as everything else does, and stay what they are', async () => {
    const shut: Gate = { ...openGate, look: async () => ({ kind: 'blocked', why: 'down', until: T, since: T }) }
    const gate: Gate = { ...shut, enter: async () => ({ kind: 'blocked', why: 'down', until: T + MONTH, since: T }) }
    const worker = await setUpConsumer({ embedded, now: T + MONTH, answers: answers(), gate })
    const hint = worker.message(delivery('listUpdated', { list_id: '901' }), T)
    await worker.run([{ ...hint, resentAt: T + MONTH - 60_000 }])
    expect(worker.quarantined).toEqual([])
    expect(worker.sentAgain.map(({ message }) => message)).toEqual([
      { ...hint, attempts: 1, resentAt: T + MONTH - 60_000 },
    ])
    await worker.run([hint])
    expect(worker.quarantined).toMatchObject([{ fault: { class: 'expired' } }])
  })

  const spentUntil = (until: number): Gate => {
    const spent = async () => ({ kind: 'blocked', why: 'spent', until, since: T }) as const
    return { ...openGate, look: spent, reserve: spent, enter: spent }
  }

  it('wait for their task as long as everything else before they are published without it', async () => {
    const gate = spentUntil(T + MONTH + 60_000)
    const worker = await setUpConsumer({ embedded, now: T + MONTH, answers: answers(), gate })
    const message = { ...worker.message(changes()[0], T), resentAt: T + MONTH - 1_000 }
    await worker.run([message])
    expect([worker.published, worker.sentAgain.map((each) => each.message)]).toEqual([
      [],
      [{ ...message, attempts: 1 }],
    ])
    worker.clock.time += 3_600_000
    await worker.run([message])
    expect(worker.published.map(({ degraded }) => degraded)).toEqual([true])
  })

  it('hold no sweep back at the time when they first came in', async () => {
    const gate = spentUntil(T + MONTH + 60_000)
    const worker = await setUpConsumer({ embedded, now: T + MONTH, answers: answers(), gate })
    const message = worker.message(changes()[0], T)
    await worker.run([{ ...message, resentAt: T + MONTH - 1_000 }])
    expect(worker.sentAgain).toHaveLength(1)
    const state = { dynamo: embedded.dynamo, table: worker.tables.state, connection: message.connection }
    const oldest = oldestPending(await createPending(state).load(), T + MONTH) ?? Number.NaN
    expect(oldest).toBeGreaterThan(T + MONTH - 10 * 60_000)
  })
})
