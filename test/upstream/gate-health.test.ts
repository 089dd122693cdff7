import { describe, expect, it } from 'vitest'
import type { Gate } from '../../core/upstream/gate.ts'
import { createGates, ended, START, tells } from './support/gates.ts'
import { createMemoryStore } from './support/memory-store.ts'

const SECOND = 1_000
const MINUTE = 60_000

/** A call as a worker makes it; tells whether it was let in, and as what. */
async function call(gate: Gate, end: Parameters<typeof ended>[0], over: Parameters<typeof ended>[1] = {}) {
  const credential = over.credential ?? '1'
  const entry = await gate.enter('live', credential)
  if (entry.kind === 'blocked') return entry
  await gate.leave(ended(end, { ...over, credential, probe: entry.probe }))
  return entry.probe ? 'probe' : 'call'
}

describe('the breaker', () => {
  async function opened() {
    const gates = createGates()
    const workers = [gates.worker(), gates.worker()] as const
    for (let i = 0; i < 5; i++) {
      await call(workers[i % 2 === 0 ? 0 : 1], 'unavailable')
      gates.clock.time += SECOND
    }
    return { ...gates, workers, gate: workers[0] }
  }

  it('opens after five failures in a row, counted over all workers', async () => {
    const { workers } = await opened()
    const down = { kind: 'blocked', why: 'down', until: START + 4 * SECOND + 15 * SECOND, since: START }
    for (const gate of workers) {
      expect(await gate.look('control', '1')).toEqual(down)
      expect(await gate.reserve('live', 3, '1')).toEqual(down)
      expect(await gate.enter('live', '1')).toEqual(down)
    }
  })

  it('stays closed when an answer comes between, whatever it says', async () => {
    for (const answer of ['ok', 'gone', 'noAccess', 'invalid', 'rateLimited', 'tokenDead'] as const) {
      const { worker, state } = createGates()
      const gate = worker()
      const enter = () => gate.enter('control', '1')
      for (let i = 0; i < 4; i++) await call(gate, 'unavailable')
      await enter()
      await gate.leave(ended(answer))
      expect(state().breaker).toBeNull()
    }
  })

  it('stays closed when the failures are further apart than half a minute', async () => {
    const { worker, clock, state } = createGates()
    for (let i = 0; i < 4; i++) await call(worker(), 'unavailable')
    clock.time += 31 * SECOND
    await call(worker(), 'unavailable')
    expect(state().breaker).toMatchObject({ failures: 1, probeAt: null })
  })

  it('costs no write while all is well, and none once it is open', async () => {
    const { worker, writes } = createGates()
    const gate = worker()
    await gate.reserve('live', 5)
    for (let i = 0; i < 5; i++) await call(gate, 'gone')
    // The reservation, and that the answers tell nothing.
    expect(writes.asked).toBe(2)
    const { gate: one, writes: more, state } = await opened()
    await one.leave(ended('ok'))
    const before = more.asked
    await one.leave(ended('unavailable'))
    await one.leave(ended('ok'))
    expect(more.asked).toBe(before)
    expect(state().breaker).toMatchObject({ failures: 5 })
  })

  it('lets one of twenty workers probe, then again after 30 s and after every minute, and remembers since when', async () => {
    const { clock, worker, state } = await opened()
    const workers = Array.from({ length: 20 }, () => worker())
    const probes: number[] = []
    for (clock.time = START; clock.time < START + 5 * MINUTE; clock.time += SECOND) {
      const entries = await Promise.all(workers.map((gate) => call(gate, 'unavailable')))
      for (const entry of entries) {
        if (entry === 'probe') probes.push((clock.time - START) / SECOND)
        else expect(entry).toMatchObject({ why: 'down', since: START })
      }
    }
    expect(probes).toEqual([19, 49, 109, 169, 229, 289])
    expect(state().breaker).toMatchObject({ firstAt: START })
  })

  it('tells whoever looks that one call may be made when a probe is due', async () => {
    const { clock, gate, writes } = await opened()
    clock.time = START + 20 * SECOND
    const before = writes.asked
    expect(await gate.look('live', '1')).toMatchObject({ kind: 'free', calls: 1 })
    expect(await gate.reserve('live', 9, '1')).toMatchObject({ kind: 'free', calls: 1 })
    expect(writes.asked).toBe(before)
  })

  it('closes when a probe gets an answer', async () => {
    const { clock, gate, workers, state } = await opened()
    clock.time = START + 20 * SECOND
    expect(await call(gate, 'gone')).toBe('probe')
    expect(state().breaker).toBeNull()
    expect(await call(workers[1], 'ok')).toBe('call')
  })

  it('survives a prober that is never heard of again', async () => {
    const { clock, gate, workers } = await opened()
    clock.time = START + 20 * SECOND
    expect(await gate.enter('live', '1')).toEqual({ kind: 'granted', probe: true })
    clock.time += 29 * SECOND
    expect(await workers[1].enter('live', '1')).toMatchObject({ kind: 'blocked' })
    clock.time += SECOND
    expect(await workers[1].enter('live', '1')).toEqual({ kind: 'granted', probe: true })
  })
})

describe('a refused token', () => {
  async function refused() {
    const gates = createGates()
    const gate = gates.worker()
    await call(gate, 'tokenDead', { code: 'OAUTH_025' })
    return { ...gates, gate }
  }

  it('stops every call with it, and says since when', async () => {
    const { worker, state } = await refused()
    const dead = { kind: 'blocked', why: 'tokenDead', until: START + MINUTE, since: START }
    expect(await worker().enter('control', '1')).toEqual(dead)
    expect(await worker().look('control', '1')).toEqual(dead)
    expect(await worker().look('control')).toEqual(dead)
    expect(await worker().reserve('control', 2, '1')).toEqual(dead)
    expect(state().refusal).toMatchObject({ code: 'OAUTH_025', versions: ['1'] })
  })

  it('is tried again by one worker after 1, 2, 4, 8, 15 and 15 minutes', async () => {
    const { clock, worker } = await refused()
    const workers = Array.from({ length: 5 }, () => worker())
    const tries: number[] = []
    for (clock.time = START; clock.time <= START + 60 * MINUTE; clock.time += MINUTE / 4) {
      const entries = await Promise.all(workers.map((gate) => call(gate, 'tokenDead')))
      tries.push(...entries.filter((entry) => entry === 'probe').map(() => (clock.time - START) / MINUTE))
    }
    expect(tries).toEqual([1, 3, 7, 15, 30, 45, 60])
  })

  it('does not keep another one from being tried at once, by one worker', async () => {
    const { clock, worker, state } = await refused()
    clock.time += SECOND
    const workers = Array.from({ length: 20 }, () => worker())
    const entries = await Promise.all(workers.map((gate) => gate.enter('live', '2')))
    expect(entries.filter(({ kind }) => kind === 'granted')).toEqual([{ kind: 'granted', probe: true }])
    const winner = workers[entries.findIndex(({ kind }) => kind === 'granted')]
    await winner?.leave(ended('ok', { credential: '2', probe: true }))
    expect(state().refusal).toBeNull()
    expect(await worker().enter('live', '2')).toEqual({ kind: 'granted', probe: false })
  })

  it('is one of two when the other is refused as well, and both wait', async () => {
    const { clock, worker, state } = await refused()
    clock.time += SECOND
    expect(await call(worker(), 'tokenDead', { credential: '2', code: 'OAUTH_019' })).toBe('probe')
    expect(state().refusal).toMatchObject({ versions: ['1', '2'], code: 'OAUTH_019', since: START })
    for (const version of ['1', '2']) {
      expect(await worker().enter('live', version)).toMatchObject({ until: clock.time + MINUTE, since: START })
    }
  })

  it('stays refused when the try comes to nothing', async () => {
    const { clock, worker, state } = await refused()
    clock.time += SECOND
    expect(await call(worker(), 'unavailable', { credential: '2' })).toBe('probe')
    expect(await worker().enter('live', '2')).toMatchObject({ why: 'tokenDead', until: clock.time + 15 * SECOND })
    expect(state().breaker).toMatchObject({ failures: 1 })
  })

  it('is nobody else’s business when a newer one is at hand', async () => {
    const { worker, state } = createGates()
    await call(worker(), 'tokenDead', { superseded: true })
    expect(state().refusal).toBeNull()
  })

  it('is not believed to be mended by what was under way', async () => {
    const { gate, state } = await refused()
    await gate.leave(ended('ok'))
    expect(state().refusal).not.toBeNull()
  })
})

describe('what cannot be written down', () => {
  it('loses no answer', async () => {
    const memory = createMemoryStore()
    let fails = false
    const store = {
      load: () => (fails ? Promise.reject(new Error('throttled')) : memory.store.load()),
      apply: memory.store.apply,
    }
    const { worker, warnings } = createGates({ store })
    const gate = worker()
    await gate.enter('live', '1')
    fails = true
    await gate.leave(ended('ok', { told: tells(100, 99, START + MINUTE) }))
    expect(warnings).toHaveLength(1)
    await expect(gate.enter('live', '1')).rejects.toThrow('throttled')
  })
})
