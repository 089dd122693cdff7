import { describe, expect, it } from 'vitest'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { createGates, ended, START, tells } from './support/gates.ts'

const MINUTE = 60_000
const ENDS = START + 62_000

/** Opens a window and lets a header confirm it: one call is used. */
async function confirmed(limit = 100, limits = {}) {
  const gates = createGates()
  const gate = gates.worker(limits)
  await gate.enter('live', '1')
  await gate.leave(ended('ok', { told: tells(limit, limit - 1, ENDS) }))
  return { ...gates, gate, another: () => gates.worker(limits) }
}

const calls = async (passage: ReturnType<Gate['reserve']>) => {
  const found = await passage
  return found.kind === 'free' ? found.calls : found
}

describe('a lane', () => {
  it.each<[Lane, number]>([
    ['backfill', 50],
    ['sweep', 70],
    ['live', 95],
    ['write', 98],
    ['control', 100],
  ])('%s goes as far as %i of a hundred calls that were taken in all', async (lane, ceiling) => {
    const { another } = await confirmed()
    expect(await calls(another().reserve(lane, 1_000))).toBe(ceiling - 1)
    expect(await another().look(lane)).toEqual({ kind: 'blocked', why: 'spent', until: ENDS, since: START })
  })

  it.each<Lane>(['control', 'write', 'live', 'sweep', 'backfill'])(
    '%s may make one call however low the limit',
    async (lane) => {
      const gates = createGates()
      const gate = gates.worker({ minute: { override: 1 } })
      expect(await calls(gate.reserve(lane, 5))).toBe(1)
      expect(await calls(gates.worker({ minute: { override: 1 } }).look('control'))).toMatchObject({ kind: 'blocked' })
    },
  )

  it('does not spend what was reserved in another', async () => {
    const { gate } = await confirmed()
    await gate.reserve('control', 1_000)
    expect(await gate.enter('backfill', '1')).toMatchObject({ kind: 'blocked', why: 'spent' })
    expect(await gate.enter('control', '1')).toEqual({ kind: 'granted', probe: false })
  })
})

describe('a lease', () => {
  it('takes a few calls ahead while little of a window is taken, so that the next ones cost no write', async () => {
    const { gate, another, writes } = await confirmed()
    const before = writes.asked
    for (let call = 0; call < 4; call += 1) {
      await gate.reserve('live', 1, '1', 3)
      expect(await gate.enter('live', '1')).toEqual({ kind: 'granted', probe: false })
    }
    expect(writes.asked - before).toBe(1)
    // 5 are taken, 23 may be: the quarter of what the lane may have.
    expect(await calls(another().reserve('live', 15, '1', 3))).toBe(18)
    expect(await calls(another().reserve('live', 1, '1', 3))).toBe(1)
  })

  it('takes none ahead in a window of which no header has told', async () => {
    const gates = createGates()
    expect(await calls(gates.worker().reserve('live', 1, '1', 3))).toBe(1)
    expect(await calls(gates.worker().reserve('live', 1, '1', 3))).toBe(1)
  })
})

describe('a window', () => {
  it('of which no header has told gives out ten calls in all, and more a moment after one has', async () => {
    const gates = createGates()
    const [one, two] = [gates.worker(), gates.worker()]
    expect(await calls(one.reserve('live', 7))).toBe(7)
    expect(await calls(two.reserve('live', 7))).toBe(3)
    expect(await calls(gates.worker().look('control'))).toMatchObject({ kind: 'blocked', until: START + 1_000 })
    await one.enter('live', '1')
    await one.leave(ended('ok', { told: tells(100, 99, ENDS) }))
    // Seven of those that it wants next were taken with the same write.
    expect(gates.state().windows['minute']).toMatchObject({ state: 'told', leased: 17, limit: 100 })
    expect(await calls(gates.worker().reserve('live', 1_000))).toBe(78)
  })

  it('whose calls nobody answers gives out more when they can no longer be answered', async () => {
    const gates = createGates()
    await gates.worker().reserve('live', 10)
    gates.clock.time += 11_000
    expect(await gates.worker().look('live')).toMatchObject({ kind: 'blocked' })
    gates.clock.time += 3_000
    expect(await calls(gates.worker().reserve('live', 20))).toBe(10)
    expect(await gates.worker().look('live')).toMatchObject({ kind: 'blocked' })
  })

  it('whose answers tell nothing gives out what is believed of the limit', async () => {
    const { worker, state } = createGates()
    const gate = worker({ minute: { known: async () => 1_000 } })
    await gate.enter('live', '1')
    await gate.leave(ended('ok'))
    expect(state().windows['minute']).toMatchObject({ state: 'untold' })
    expect(await calls(gate.reserve('live', 2_000))).toBe(949)
  })

  it('is believed in the order: what was told, what is known, what is usual; and never above what was set', async () => {
    const free = async (limits: Parameters<ReturnType<typeof createGates>['worker']>[0]) => {
      const passage = await createGates().worker(limits).look('control')
      return passage.kind === 'free' ? passage.limit : passage
    }
    expect(await free({})).toBe(100)
    expect(await free({ minute: { known: async () => 1_000 } })).toBe(1_000)
    expect(await free({ minute: { known: async () => null } })).toBe(100)
    expect(await free({ minute: { known: async () => 1_000, override: 30 } })).toBe(30)
    expect(await free({ minute: { known: async () => 100, override: 5_000 } })).toBe(100)
    const { another } = await confirmed(900, { minute: { known: async () => 1_000 } })
    expect(await another().look('control')).toMatchObject({ limit: 900 })
  })

  it('is believed to be lower when a header says so, and higher only in the next one', async () => {
    const { gate, state, clock } = await confirmed(100)
    await gate.leave(ended('ok', { told: tells(60, 58, ENDS) }))
    await gate.leave(ended('ok', { told: tells(500, 498, ENDS) }))
    expect(state().windows['minute']).toMatchObject({ limit: 60, told: 60 })
    clock.time = ENDS
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(500, 499, ENDS + MINUTE) }))
    expect(state().windows['minute']).toMatchObject({ limit: 500, told: 500, leased: 1 })
  })

  it('is found out to be used by somebody else, whose calls are left out once', async () => {
    const { gate, another, state, writes } = await confirmed(100)
    const other = another()
    await other.reserve('live', 9)
    // Ours are 10, of which 9 are not made yet.
    await gate.leave(ended('ok', { told: tells(100, 90, ENDS) }))
    expect(state().windows['minute']?.leased).toBe(10)
    await gate.leave(ended('ok', { told: tells(100, 70, ENDS) }))
    expect(state().windows['minute']?.leased).toBe(30)
    const before = writes.asked
    await gate.leave(ended('ok', { told: tells(100, 71, ENDS) }))
    await gate.leave(ended('ok', { told: tells(100, 70, ENDS) }))
    expect(writes.asked).toBe(before)
    // What this worker still holds has not been counted yet.
    await other.leave(ended('ok', { told: tells(100, 65, ENDS) }))
    expect(state().windows['minute']?.leased).toBe(44)
  })

  it('needs one write for a lone call, and one more for its first header', async () => {
    const { gate, writes } = await confirmed()
    expect(writes).toEqual({ asked: 2, done: 2 })
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 98, ENDS) }))
    expect(writes).toEqual({ asked: 3, done: 3 })
    await gate.reserve('live', 10)
    for (let i = 0; i < 10; i++) {
      await gate.enter('live', '1')
      await gate.leave(ended('ok', { told: tells(100, 97 - i, ENDS) }))
    }
    expect(writes).toEqual({ asked: 4, done: 4 })
  })

  it('that is full costs reads only', async () => {
    const { gate, another, writes } = await confirmed()
    await gate.reserve('live', 1_000)
    const before = writes.asked
    const other = another()
    for (let i = 0; i < 5; i++) expect(await other.reserve('live', 5)).toMatchObject({ kind: 'blocked', until: ENDS })
    expect(await other.enter('live', '1')).toMatchObject({ kind: 'blocked', until: ENDS })
    expect(writes.asked).toBe(before)
  })

  it('lets calls in until its end and counts the last of them for the next one as well', async () => {
    const { gate, another, clock, state } = await confirmed()
    await gate.reserve('live', 20)
    clock.time = ENDS - 2_500
    // Those that were reserved are dead: they could arrive after the end.
    expect(await gate.reserve('live', 1)).toMatchObject({ kind: 'free', calls: 1 })
    expect(await gate.enter('live', '1')).toEqual({ kind: 'granted', probe: false })
    expect(state().windows['minute']).toMatchObject({ leased: 22, late: 1 })
    clock.time = ENDS
    expect(await calls(another().reserve('live', 3))).toBe(3)
    expect(state().windows['minute']).toMatchObject({ begun: ENDS, leased: 3, carried: 1 })
  })

  it('ends early when an answer belongs to the next one', async () => {
    const { gate, clock, state } = await confirmed()
    clock.time = ENDS - 1_500
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 99, ENDS + MINUTE - 1_000) }))
    expect(state().windows['minute']).toMatchObject({ state: 'told', begun: clock.time, leased: 0, carried: 1 })
  })

  it('that turns out to be another one than believed keeps all that was given out', async () => {
    const { gate, clock, state } = await confirmed()
    await gate.reserve('live', 30)
    clock.time += 5_000
    await gate.leave(ended('ok', { told: tells(100, 99, START + 35_000) }))
    expect(state().windows['minute']).toMatchObject({ latest: START + 35_000, leased: 0, carried: 31 })
    clock.time = START + 35_000
    expect(await calls(gate.look('control'))).toBe(10)
  })

  it('that has ended says nothing of the one that runs', async () => {
    const { gate, clock, state } = await confirmed()
    clock.time = ENDS
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 3, ENDS) }))
    expect(state().windows['minute']).toMatchObject({ state: 'new', leased: 1 })
  })
})

describe('a refusal for the rate', () => {
  const refusal = (told = tells(100, 0, ENDS)) => ended('rateLimited', { told, retryAt: ENDS })

  it('ends the window for everybody, and for what was reserved', async () => {
    const { gate, another } = await confirmed()
    const other = another()
    await other.reserve('live', 5)
    await gate.enter('live', '1')
    await gate.leave(refusal())
    const shut = { kind: 'blocked', why: 'spent', until: ENDS, since: START }
    expect(await other.enter('live', '1')).toEqual(shut)
    expect(await gate.look('control')).toEqual(shut)
    expect(await gate.reserve('control', 5)).toEqual(shut)
  })

  it('teaches what was really possible, for an hour', async () => {
    const { gate, another, clock, state } = await confirmed()
    await another().reserve('live', 56)
    for (let i = 0; i < 4; i++) await gate.enter('live', '1')
    // Given out are 61; of those, three of ours are under way and this one was refused.
    await gate.leave(refusal())
    expect(state().windows['minute']).toMatchObject({ limit: 57, learned: { limit: 57 } })
    // What is under way was left out already; what another worker has under way was not.
    await gate.leave(refusal())
    expect(state().windows['minute']?.learned?.limit).toBe(56)
    clock.time = ENDS
    const fresh = another()
    expect(await fresh.look('control')).toMatchObject({ limit: 56 })
    clock.time = START + 60 * MINUTE
    expect(await fresh.look('control')).toMatchObject({ limit: 100 })
  })

  it('teaches it to the call where the headers count on', async () => {
    const { gate, another, state } = await confirmed()
    await another().reserve('live', 90)
    await gate.enter('live', '1')
    await gate.leave(refusal(tells(100, 40, ENDS)))
    expect(state().windows['minute']).toMatchObject({ limit: 60, learned: { limit: 60 } })
  })

  it('that was to be expected teaches nothing', async () => {
    const { gate, state } = await confirmed()
    await gate.reserve('control', 1_000)
    await gate.enter('control', '1')
    await gate.leave(refusal())
    expect(state().windows['minute']).toMatchObject({ limit: 100, learned: null, refusedUntil: ENDS })
  })

  it('of a window that somebody else has used up teaches nothing', async () => {
    const { gate, state } = await confirmed()
    for (let i = 0; i < 4; i++) await gate.enter('live', '1')
    await gate.leave(refusal())
    expect(state().windows['minute']).toMatchObject({ limit: 100, learned: null, refusedUntil: ENDS })
  })

  it('that is to last longer than its window does', async () => {
    const { gate, clock } = await confirmed()
    await gate.enter('live', '1')
    await gate.leave(ended('rateLimited', { retryAt: START + 300_000 }))
    clock.time = START + 299_000
    expect(await gate.look('live')).toMatchObject({ kind: 'blocked', until: START + 300_000 })
    clock.time = START + 300_000
    expect(await gate.look('live')).toMatchObject({ kind: 'free' })
  })
})
