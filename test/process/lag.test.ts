import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { answer, taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A consumer half a second after T, before a ClickUp that answers what it is told to, late or not. */
async function setUp(answers: Record<string, unknown> = {}) {
  const worker = await setUpConsumer({ embedded, now: T + 500, answers })
  /** Works off what was put off, when its time has come, and again what that puts off. */
  async function later(rounds = 10): Promise<number> {
    for (let round = 0; round < rounds; round += 1) {
      const again = worker.sentAgain.splice(0)
      if (again.length === 0) return round
      worker.clock.time += Math.max(...again.map(({ delaySeconds }) => delaySeconds)) * 1000
      await worker.process(again.map(({ message }): DeliveryMessage => message))
    }
    throw new Error('it is put off for ever')
  }
  return { ...worker, later }
}

const changed = (id: string, at: number) => delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status(id, at)])

describe('a task that a lagging read does not find', () => {
  it.each([
    ['gone', answer(404, { ECODE: 'ITEM_013' })],
    ['out of sight', answer(401, { ECODE: 'OAUTH_027' })],
  ])('is not taken to be %s', async (_, missing) => {
    const { process, message, published, answers, later } = await setUp({ '/task/abc': missing })
    const created = delivery('taskCreated', { task_id: 'abc' }, [taskItem.creation('1', T)])
    expect(await process([message(created)])).toEqual(['done'])
    expect(published).toEqual([])
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T) }))
    await later()
    expect(published).toMatchObject([{ field: 'task_creation', task: { state: 'present' } }])
  })

  it('is gone when the answer stays', async () => {
    const { process, message, published, later } = await setUp()
    await process([message(changed('1', T))])
    await later()
    expect(published).toMatchObject([{ field: 'status', task: { state: 'deleted' } }])
  })

  it('is not told to be deleted by a hint', async () => {
    const { process, message, published, answers, later, tables } = await setUp()
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, []))])
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T) }))
    await later()
    expect(published).toEqual([])
    expect(await embedded.all(tables.tasks)).toEqual(
      expect.arrayContaining([expect.objectContaining({ sk: 'snapshot', state: 'present' })]),
    )
  })
})

describe('a place', () => {
  it('that a lagging read does not find is not told to be deleted', async () => {
    const { process, message, published, answers, later } = await setUp()
    await process([message(delivery('listCreated', { list_id: '901' }))])
    answers.set('/list/901', { id: '901', name: 'New' })
    await later()
    expect(published.map(({ field }) => field)).toEqual(['creation'])
  })

  it('whose new name a lagging read does not show is looked at again', async () => {
    const { process, message, published, answers, later, clock } = await setUp({
      '/list/901': { id: '901', name: 'Old' },
    })
    await process([message(delivery('listCreated', { list_id: '901' }))])
    clock.time += 60_000
    await process([message(delivery('listUpdated', { list_id: '901' }))])
    answers.set('/list/901', { id: '901', name: 'New' })
    await later()
    expect(published.map(({ field }) => field)).toEqual(['creation', 'name'])
  })
})

describe('a deletion that was undone at once', () => {
  it('leaves the task present', async () => {
    const { process, message, published, clock, answers, later } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T) }),
    })
    await process([message(delivery('taskDeleted', { task_id: 'abc' }, []))])
    clock.time += 2_000
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + 2_000) }))
    await process([message(changed('1', T + 2_000))])
    await later()
    expect(published.at(-1)).toMatchObject({ field: 'status', task: { state: 'present' } })
  })
})

describe('an answer that is older than what is stored', () => {
  it('does not put a change off for ever', async () => {
    const { process, message, published, answers, clock, later } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T + 400) }),
    })
    await process([message(changed('1', T + 400))])
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T), status: { status: 'to do', type: 'open' } }))
    clock.time += 60_000
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('2', T + 60_000, 'done')]))])
    await later()
    expect(published).toHaveLength(2)
  })
})
