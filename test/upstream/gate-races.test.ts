import { describe, expect, it } from 'vitest'
import type { Gate } from '../../core/upstream/gate.ts'
import { createGates, ended, START, tells } from './support/gates.ts'
import { createMemoryStore } from './support/memory-store.ts'

const SECOND = 1_000
const MINUTE = 60_000
const ENDS = START + 62_000

/** Workers of a window of a hundred calls that a header has confirmed, of which one call is used. */
async function confirmed(over: Parameters<typeof createGates>[0] = {}) {
  const gates = createGates(over)
  const gate = gates.worker()
  await gate.enter('live', '1')
  await gate.leave(ended('ok', { told: tells(100, 99, ENDS) }))
  return { ...gates, gate, leased: () => gates.state().windows['minute']?.leased }
}

const callsOf = async (passage: ReturnType<Gate['reserve']>) => {
  const found = await passage
  return found.kind === 'free' ? found.calls : found.why
}

describe('what a worker has at hand', () => {
  it('is taken into account: only what is missing is leased', async () => {
    const { gate, leased, writes } = await confirmed()
    expect(await gate.reserve('live', 2)).toEqual({ kind: 'free', calls: 2, limit: 100 })
    expect(await gate.reserve('live', 5)).toEqual({ kind: 'free', calls: 5, limit: 100 })
    expect(leased()).toBe(6)
    const before = writes.asked
    expect(await gate.reserve('live', 5)).toEqual({ kind: 'free', calls: 5, limit: 100 })
    expect(await gate.reserve('live', 3)).toEqual({ kind: 'free', calls: 5, limit: 100 })
    expect(writes.asked).toBe(before)
  })

  it('may be used also when there is no more for anybody', async () => {
    const { gate, worker } = await confirmed()
    await gate.reserve('live', 3)
    await worker().reserve('control', 1_000)
    expect(await gate.look('live')).toEqual({ kind: 'free', calls: 3, limit: 100 })
    expect(await gate.reserve('live', 9)).toEqual({ kind: 'free', calls: 3, limit: 100 })
    expect(await gate.look('sweep')).toMatchObject({ kind: 'blocked', why: 'spent' })
  })

  it('is not added to by whoever wants nothing', async () => {
    const { gate, writes } = await confirmed()
    const before = writes.asked
    expect(await callsOf(gate.reserve('live', 0))).toBe(94)
    expect(writes.asked).toBe(before)
  })
})

describe('a worker that loses every race', () => {
  const losing = () => {
    const memory = createMemoryStore()
    const asked = { times: 0 }
    const apply = async () => {
      asked.times += 1
      return false
    }
    return { ...createGates({ store: { load: memory.store.load, apply } }), asked }
  }

  it.each([
    ['reserves', (gate: Gate) => gate.reserve('live', 3)],
    ['enters', (gate: Gate) => gate.enter('live', '1')],
  ])('gives up after six when it %s, and comes back in a second', async (_, act) => {
    const { worker, asked } = losing()
    expect(await act(worker())).toEqual({ kind: 'blocked', why: 'spent', until: START + SECOND, since: START })
    expect(asked.times).toBe(6)
  })

  it('gives up after six when it has something to tell, too', async () => {
    const { worker, asked, warnings } = losing()
    const gate = worker()
    await gate.look('live')
    await gate.leave(ended('unavailable'))
    expect([asked.times, warnings]).toEqual([6, []])
  })
})

describe('a window that many have waited for', () => {
  async function crowded() {
    const slept: number[] = []
    const gates = await confirmed({ sleep: async (ms) => void slept.push(ms) })
    await gates.worker().reserve('control', 1_000)
    gates.clock.time = ENDS + SECOND
    return { ...gates, slept }
  }

  it.each([
    ['reserves', (gate: Gate) => gate.reserve('live', 3)],
    ['enters', (gate: Gate) => gate.enter('live', '1')],
  ])('is opened by whoever %s first, after a moment by chance, and only then', async (_, act) => {
    const { worker, slept } = await crowded()
    expect(await act(worker())).not.toMatchObject({ kind: 'blocked' })
    expect(slept).toEqual([250])
    expect(await act(worker())).not.toMatchObject({ kind: 'blocked' })
    expect(slept).toEqual([250])
  })

  it('is waited for by nobody else', async () => {
    const slept: number[] = []
    const { gate, clock } = await confirmed({ sleep: async (ms) => void slept.push(ms) })
    clock.time = ENDS + SECOND
    await gate.reserve('live', 3)
    await gate.enter('control', '1')
    expect(slept).toEqual([])
  })
})

describe('a probe that is due', () => {
  it('is none while the window is full', async () => {
    const { worker, clock } = await confirmed()
    const gate = worker()
    const failing = Array.from({ length: 5 }, () => gate.enter('live', '1'))
    await Promise.all(failing)
    // All that is left is reserved before the provider goes down.
    await worker().reserve('control', 1_000)
    for (let i = 0; i < 5; i++) await gate.leave(ended('unavailable'))
    clock.time = START + 15 * SECOND
    const full = { kind: 'blocked', why: 'spent', until: ENDS, since: START }
    expect(await worker().reserve('live', 9, '1')).toEqual(full)
    expect(await worker().enter('live', '1')).toEqual(full)
  })
})

describe('the first answer in a window that is short', () => {
  it('brings the worker what it will want next, which dies with the window', async () => {
    const { worker, writes, clock } = createGates()
    const gate = worker()
    await gate.reserve('live', 10)
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 99, ENDS) }))
    expect(writes.asked).toBe(2)
    expect(await gate.reserve('live', 19)).toEqual({ kind: 'free', calls: 19, limit: 100 })
    expect(await gate.reserve('sweep', 1)).toMatchObject({ kind: 'free', calls: 1 })
    expect(writes.asked).toBe(3)
    clock.time = ENDS
    expect(await callsOf(gate.look('live'))).toBe(10)
  })

  it('brings nothing to whoever has reserved nothing', async () => {
    const { worker, state } = createGates()
    const [gate, other] = [worker(), worker()]
    await other.reserve('live', 9)
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 99, ENDS) }))
    expect(state().windows['minute']?.leased).toBe(10)
    expect(await gate.look('backfill')).toMatchObject({ kind: 'free', calls: 40 })
  })
})

describe('an answer', () => {
  it('that tells nothing new costs neither a read nor a write', async () => {
    const memory = createMemoryStore()
    let loads = 0
    const load = () => {
      loads += 1
      return memory.store.load()
    }
    const { gate } = await confirmed({ store: { load, apply: memory.store.apply } })
    await gate.enter('live', '1')
    const before = [loads, memory.writes.asked]
    await gate.leave(ended('ok', { told: tells(100, 98, ENDS) }))
    expect([loads, memory.writes.asked]).toEqual(before)
  })

  it('of a worker that has seen nothing yet tells nothing', async () => {
    const { worker, writes, warnings } = createGates()
    await worker().leave(ended('ok', { told: tells(100, 98, ENDS) }))
    expect([writes.asked, warnings]).toEqual([0, []])
  })

  it('that another worker has told before is no trouble', async () => {
    const { worker, writes, warnings, state } = createGates()
    const workers = [worker(), worker()] as const
    for (const gate of workers) await gate.enter('live', '1')
    await workers[0].leave(ended('ok', { told: tells(100, 98, ENDS) }))
    const before = writes.asked
    await workers[1].leave(ended('ok', { told: tells(100, 98, ENDS) }))
    expect([writes.asked - before, warnings]).toEqual([0, []])
    expect(state().windows['minute']).toMatchObject({ state: 'told', leased: 2 })
  })

  it('that could not be written down is told to whoever reads the log', async () => {
    const memory = createMemoryStore()
    const error = new Error('throttled')
    const store = { load: memory.store.load, apply: memory.store.apply }
    const { worker, warnings } = createGates({ store })
    const gate = worker()
    await gate.enter('live', '1')
    store.load = () => Promise.reject(error)
    await gate.leave(ended('ok', { told: tells(100, 99, ENDS) }))
    expect(warnings).toEqual([{ message: 'What an answer says of budget and health could not be written down', error }])
  })
})

describe('calls that were under way when one was refused', () => {
  /** So many are under way at once, beside sixty that somebody else has leased, and all of them are refused. */
  async function refused(gates: Awaited<ReturnType<typeof confirmed>>, gate: Gate, until: number) {
    await gates.worker().reserve('live', 60)
    for (let i = 0; i < 4; i++) await gate.enter('live', '1')
    const limits: (number | undefined)[] = []
    for (let i = 0; i < 2; i++) {
      await gate.leave(ended('rateLimited', { retryAt: until }))
      limits.push(gates.state().windows['minute']?.learned?.limit)
    }
    return limits
  }

  it('are left out once in each window of what is learnt from it', async () => {
    const gates = await confirmed()
    const gate = gates.worker()
    // 65 were leased: three may not have been counted, nor the one that was refused. The next refusal is one less.
    expect(await refused(gates, gate, ENDS)).toEqual([61, 60])
  })

  it('are left out again in another window', async () => {
    const gates = await confirmed()
    const gate = gates.worker()
    await refused(gates, gate, ENDS)
    await gate.leave(ended('ok'))
    await gate.leave(ended('ok'))
    gates.clock.time = ENDS
    const other = gates.worker()
    await other.enter('live', '1')
    await other.leave(ended('ok', { told: tells(100, 99, ENDS + MINUTE) }))
    await other.reserve('live', 20)
    for (let i = 0; i < 4; i++) await gate.enter('live', '1')
    await gate.leave(ended('rateLimited', { retryAt: ENDS + MINUTE }))
    // 35 were leased (the window is crowded, so half as many again are taken), of which four may not have been counted.
    expect(gates.state().windows['minute']?.learned?.limit).toBe(31)
  })

  it('leave nothing of what was reserved, which would be taken for calls of somebody else', async () => {
    const gates = await confirmed()
    const gate = gates.worker()
    await gate.reserve('live', 5)
    await gate.enter('live', '1')
    await gate.leave(ended('rateLimited', { retryAt: ENDS, told: tells(100, 0, ENDS) }))
    gates.clock.time = ENDS
    await gate.enter('live', '1')
    await gate.leave(ended('ok', { told: tells(100, 99, ENDS + MINUTE) }))
    expect([gates.leased(), gates.warnings]).toEqual([1, []])
  })
})
