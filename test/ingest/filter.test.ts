import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Delivery, readDelivery } from '../../core/ingest/delivery.ts'
import { isWanted } from '../../core/ingest/filter.ts'
import { historyItem, taskDeleted, taskDelivery } from './deliveries.ts'

fc.configureGlobal({ seed: 20_260_101 })

function delivery(body: unknown): Delivery {
  const read = readDelivery(JSON.stringify(body))
  if (read.kind === 'unreadable') throw new Error(read.reason)
  return read.delivery
}

const inLists = (...lists: unknown[]) =>
  delivery(
    taskDelivery(
      'taskUpdated',
      lists.map((parent_id) => historyItem({ parent_id })),
    ),
  )

describe('reading a delivery', () => {
  it.each([undefined, null, [], {}, 'x', [null, 1, 'x', []]])('takes history items %j as none', (history_items) => {
    expect(delivery({ event: 'taskUpdated', history_items }).history_items).toEqual([])
  })

  it('keeps what nobody knows yet, as it is', () => {
    const body = { event: 'taskTeleported', history_items: [{ id: 1, field: { odd: true } }], planet_id: 5 }
    expect(delivery(body)).toEqual(body)
  })

  it.each(['', 'x', '{', '\u0000'])('says that %j is not JSON', (text) => {
    expect(readDelivery(text)).toEqual({ kind: 'unreadable', reason: 'not JSON' })
  })

  it.each(['null', '[]', '1', '{}', '{"event":1}', '{"event":""}', '{"auto_id":"x","payload":{}}'])(
    'says that %s has no event',
    (text) => {
      expect(readDelivery(text)).toEqual({ kind: 'unreadable', reason: 'no event' })
    },
  )
})

describe('a filter', () => {
  it('that is empty keeps everything', () => {
    expect(isWanted(delivery(taskDelivery()), {})).toBe(true)
  })

  it('by event keeps the named ones', () => {
    const filter = { events: ['taskStatusUpdated'] }
    expect(isWanted(delivery(taskDelivery('taskStatusUpdated')), filter)).toBe(true)
    expect(isWanted(delivery(taskDelivery('taskUpdated')), filter)).toBe(false)
  })

  it('by list keeps what names one of them, and what names none', () => {
    const filter = { lists: ['901'] }
    expect(isWanted(inLists('901'), filter)).toBe(true)
    expect(isWanted(inLists(901), filter)).toBe(true)
    expect(isWanted(inLists('902', '901'), filter)).toBe(true)
    expect(isWanted(inLists('902'), filter)).toBe(false)
    expect(isWanted(inLists(), filter)).toBe(true)
    expect(isWanted(inLists(null), filter)).toBe(true)
    expect(isWanted(delivery({ event: 'listCreated', list_id: '902' }), filter)).toBe(false)
    expect(isWanted(delivery({ event: 'listCreated', list_id: '901' }), filter)).toBe(true)
    expect(isWanted(delivery({ event: 'spaceUpdated', space_id: '1' }), filter)).toBe(true)
  })

  it('keeps one of the two deliveries of a status change when only its own event is named', () => {
    const twins = ['taskStatusUpdated', 'taskUpdated'].map((event) => delivery(taskDelivery(event)))
    expect(twins.filter((twin) => isWanted(twin, { events: ['taskStatusUpdated'] }))).toHaveLength(1)
  })

  it('never drops a deletion or a move', () => {
    const deleted = ['task', 'list', 'folder', 'space', 'goal', 'keyResult'].map((kind) =>
      delivery({ ...taskDeleted(), event: `${kind}Deleted`, list_id: '902' }),
    )
    const move = historyItem({ field: 'section_moved', parent_id: '902' })
    const moved = [
      delivery(taskDelivery('taskMoved', [historyItem({ parent_id: '902' })])),
      delivery(taskDelivery('taskUpdated', [move])),
      delivery(taskDelivery('taskUpdated', [historyItem({ parent_id: '902' }), move, null])),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...deleted, ...moved),
        fc.record({ events: fc.array(fc.string()), lists: fc.array(fc.string()) }, { requiredKeys: [] }),
        (kept, filter) => isWanted(kept, filter),
      ),
    )
  })
})
