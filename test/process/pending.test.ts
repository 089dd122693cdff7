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
