import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDesk, type Desk, EMPTY_DESK } from '../../core/process/expansion/desk.ts'
import { startDynamo } from '../support/dynamo.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** One desk, as many workers see it. */
async function workers(count = 20): Promise<Desk[]> {
  const { state } = await embedded.tables()
  return Array.from({ length: count }, () => createDesk({ dynamo: embedded.dynamo, table: state, connection: 'main' }))
}
const first = (desks: Desk[]): Desk => desks[0] ?? expect.fail('no desk')
const trues = (answers: boolean[]) => answers.filter(Boolean).length

describe('a single read', () => {
  it('is begun by one of many workers, again after its time, and then forgotten', async () => {
    const desks = await workers()
    const begin = (now: number, key = 'task#a') =>
      Promise.all(desks.map(async (desk) => desk.begin([key], { now, since: now - 5_000 }, await desk.look())))
    expect(trues(await begin(T))).toBe(1)
    expect(trues(await begin(T + 4_999))).toBe(0)
    expect(trues(await begin(T + 5_000))).toBe(1)
    await begin(T + 20_000, 'task#b')
    expect((await first(desks).look()).reads).toEqual({ 'task#b': T + 20_000 })
  })

  it('of several tasks is begun for all of them or for none', async () => {
    const desk = first(await workers(1))
    const times = { now: T, since: T - 5_000 }
    expect(await desk.begin(['task#a', 'task#b'], times, await desk.look())).toBe(true)
    expect(await desk.begin(['task#b', 'task#c'], times, await desk.look())).toBe(false)
    expect(Object.keys((await desk.look()).reads)).toEqual(['task#a', 'task#b'])
  })
})

it('is forgotten a few at a time, however many there were', async () => {
  const desk = first(await workers(1))
  for (let i = 0; i < 400; i += 10) {
    const keys = Array.from({ length: 10 }, (_, k) => `task#${i + k}`)
    await desk.begin(keys, { now: T, since: T - 5_000 }, await desk.look())
  }
  const send = vi.spyOn(embedded.dynamo, 'send')
  for (let i = 0; i < 10; i += 1) {
    const now = T + 20_000 + i
    expect(await desk.begin(['task#next'], { now, since: now }, await desk.look())).toBe(true)
  }
  const lengths = send.mock.calls.flatMap(([{ input }]) =>
    'UpdateExpression' in input ? (input.UpdateExpression?.length ?? 0) : [],
  )
  send.mockRestore()
  // DynamoDB refuses a longer one.
  expect(Math.max(...lengths)).toBeLessThan(4_096)
  expect(Object.keys((await desk.look()).reads)).toEqual(['task#next'])
})

it('begins anew when what is stored is none of ours: it only says who is at what', async () => {
  const { state } = await embedded.tables()
  await embedded.dynamo.send(
    new PutCommand({ TableName: state, Item: { pk: 'main#desk', reads: 'nonsense', waiting: 'much' } }),
  )
  const desk = createDesk({ dynamo: embedded.dynamo, table: state, connection: 'main' })
  expect(await desk.look()).toEqual(EMPTY_DESK)
  expect(await desk.begin(['task#a'], { now: T, since: T - 5_000 }, await desk.look())).toBe(true)
})

describe('the next listing', () => {
  const waiting = { now: T, waiting: 3, waitingSince: T - 100, nextListingAt: T + 5_000, chance: 0.5 }
  const taken = { now: T + 5_000, since: T - 900, listingUntil: T + 60_000, listingEnds: T + 9_000, begunAt: T + 5_000 }

  it('is waited for by all, from the oldest change on, and taken by one', async () => {
    const desks = await workers()
    await Promise.all(
      desks.map(async (desk, i) => desk.wait({ ...waiting, waitingSince: T - 100 - i }, await desk.look())),
    )
    const view = await first(desks).look()
    expect(view).toMatchObject({ waiting: 60, stormSince: T, nextListingAt: T + 5_000 })
    expect(view.waitingSince).toBeLessThanOrEqual(T - 100)
    expect(trues(await Promise.all(desks.map((desk) => desk.take({ ...taken, now: T + 4_999 }))))).toBe(0)
    expect(trues(await Promise.all(desks.map((desk) => desk.take(taken))))).toBe(1)
    expect(await first(desks).look()).toMatchObject({ waiting: 0, waitingSince: 0, listingUntil: T + 60_000 })
    // Whoever has it may die: then it is free when the function must have ended.
    expect(
      trues(
        await Promise.all(desks.map((desk) => desk.take({ ...taken, now: T + 60_000, listingUntil: T + 120_000 }))),
      ),
    ).toBe(1)
  })

  it('is told about how many wait: of many, one in eight tells for all', async () => {
    const desk = first(await workers(1))
    await desk.wait({ ...waiting, waiting: 100 }, await desk.look())
    await desk.wait(waiting, await desk.look())
    expect(await desk.look()).toMatchObject({ waiting: 100 })
    await desk.wait({ ...waiting, chance: 0.124 }, await desk.look())
    expect(await desk.look()).toMatchObject({ waiting: 124, waitingSince: T - 100 })
    // An older change has to be told of by everybody.
    await desk.wait({ ...waiting, waitingSince: T - 900 }, await desk.look())
    expect(await desk.look()).toMatchObject({ waiting: 127, waitingSince: T - 900 })
    // So has the beginning of another storm, however many waited in the one before.
    const later = { ...waiting, now: T + 3_600_000, nextListingAt: T + 3_605_000 }
    await desk.wait(later, await desk.look())
    expect(await desk.look()).toMatchObject({ waiting: 130, stormSince: later.now, nextListingAt: later.nextListingAt })
  })

  it('is not taken by a worker that does not know of an older change', async () => {
    const desk = first(await workers(1))
    await desk.wait({ ...waiting, waitingSince: T - 2_000 }, await desk.look())
    expect(await desk.take(taken)).toBe(false)
    expect(await desk.take({ ...taken, since: T - 2_000 })).toBe(true)
  })
})
