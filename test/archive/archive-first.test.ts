import { describe, expect, it } from 'vitest'
import type { ArchivedDelivery } from '../../core/archive/record.ts'
import { type DeliveryMessage, packErrand, packFound } from '../../core/ingest/message.ts'
import { archiveFirst } from '../../functions/archiving-consumer/archive-first.ts'
import { deliveryMessage } from '../quarantine/support.ts'

/** The step before the work, with an archive that works or not, and what was logged. */
function setUp({ works = true } = {}) {
  const stored: ArchivedDelivery[] = []
  const lines: { level: string; message: string; fields: unknown }[] = []
  const log = (level: string) => (message: string, fields?: unknown) => void lines.push({ level, message, fields })
  const prelude = archiveFirst(
    async (deliveries) => {
      if (!works) throw new Error('SlowDown')
      stored.push(...deliveries)
    },
    { info: log('info'), warn: log('warn'), error: log('error') },
  )
  const run = (messages: readonly DeliveryMessage[], receives = 1) =>
    prelude(
      messages.map((message, i) => ({
        message,
        envelope: {
          ...{ messageId: `m${i}`, receiptHandle: `r${i}`, body: message.body, attributes: {}, receives },
          firstReceivedAt: 0,
        },
      })),
    )
  return { run, stored, lines }
}

describe('what is archived', () => {
  it('is every delivery that comes for the first time, before it is worked off', async () => {
    const { run, stored } = setUp()
    const messages = ['a', 'b'].map((id) => deliveryMessage(id))
    expect(await run(messages)).toEqual(new Set())
    expect(stored.map(({ body }) => body)).toEqual(messages.map(({ body }) => body))
  })

  it('is nothing of ours, nothing that was put off, and nothing that was sent again', async () => {
    const { run, stored } = setUp()
    const arrival = { connection: 'main', slot: 'a', receivedAt: 1 } as const
    const again = [deliveryMessage('a', { attempts: 1 }), deliveryMessage('b', { resentAt: 5 })]
    expect(await run([packErrand(arrival), packFound(arrival, '{}'), ...again])).toEqual(new Set())
    expect(stored).toEqual([])
  })
})

describe('an archive that does not answer', () => {
  it('has new deliveries come again, and holds nothing else back', async () => {
    const { run, lines } = setUp({ works: false })
    const fresh = deliveryMessage('a')
    const putOff = deliveryMessage('b', { attempts: 2 })
    expect(await run([fresh, putOff])).toEqual(new Set([fresh]))
    expect(lines).toMatchObject([{ level: 'warn', fields: { messages: 1 } }])
  })

  it('lets them pass the second time, and says which are missing', async () => {
    const { run, lines } = setUp({ works: false })
    const late = deliveryMessage('a')
    expect(await run([late], 2)).toEqual(new Set())
    expect(lines).toMatchObject([
      { level: 'error', message: 'Deliveries are missing in the archive', fields: { receivedAt: [late.receivedAt] } },
    ])
  })
})
