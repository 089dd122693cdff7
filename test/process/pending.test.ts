import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPending } from '../../core/process/pending.ts'
import { startDynamo } from '../support/dynamo.ts'

const NOON = Date.UTC(2026, 2, 2, 12)
const MINUTE = 60_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

test('of two workers that note until when the same deliveries wait, the later time stands', async () => {
  const { state: table } = await embedded.tables()
  const where = { dynamo: embedded.dynamo, table, connection: 'main' }
  // Both have looked before either of them writes.
  let looked = 0
  const both = Promise.withResolvers<void>()
  const dynamo = new Proxy(embedded.dynamo, {
    get(client, name) {
      if (name !== 'send') return Reflect.get(client, name)
      return async (command: object) => {
        const answer: unknown = await Reflect.apply(client.send, client, [command])
        if (command.constructor.name === 'GetCommand') {
          looked += 1
          if (looked === 2) both.resolve()
          await both.promise
        }
        return answer
      }
    },
  })
  const [one, other] = [createPending({ ...where, dynamo }), createPending({ ...where, dynamo })]
  await createPending(where).note({ heardAt: NOON, waits: [] })
  const wait = (until: number) => ({ heardAt: NOON, waits: [{ receivedAt: NOON, until }] })
  const late = one.note(wait(NOON + 14 * MINUTE))
  const soon = other.note(wait(NOON + MINUTE))
  await Promise.all([late, soon])
  const { waits } = await createPending(where).load()
  expect(Math.max(...Object.values(waits))).toBeGreaterThan(NOON + 14 * MINUTE)
})

test('what another worker has told of so lately is not written again, and deliveries that wait are written all the same', async () => {
  const { state: table } = await embedded.tables()
  const writes: string[] = []
  const dynamo = new Proxy(embedded.dynamo, {
    get(client, name) {
      if (name !== 'send') return Reflect.get(client, name)
      return (command: object) => {
        if (command.constructor.name === 'UpdateCommand') writes.push(command.constructor.name)
        return Reflect.apply(client.send, client, [command])
      }
    },
  })
  const where = { dynamo, table, connection: 'main' }
  const [one, other] = [createPending(where), createPending(where)]
  await one.note({ heardAt: NOON, waits: [] })
  expect(writes).toHaveLength(1)
  await other.note({ heardAt: NOON + MINUTE - 1, waits: [] })
  expect(writes).toHaveLength(1)
  // It counts from what stands there, not from what it has heard itself.
  await other.note({ heardAt: NOON + MINUTE, waits: [] })
  expect(writes).toHaveLength(2)
  expect(await one.load()).toMatchObject({ heardAt: NOON + MINUTE, untoldMs: MINUTE })
  await one.note({ heardAt: NOON, waits: [{ receivedAt: NOON, until: NOON + 5 * MINUTE }] })
  // The map that holds them is made sure of first.
  expect(writes).toHaveLength(4)
  expect(await other.load()).toMatchObject({ heardAt: NOON + MINUTE, waits: { [NOON]: NOON + 6 * MINUTE } })
})
