import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLICKUP } from '../../core/clickup/provider.ts'
import { allOf, type Change, changeOf, membersOf } from '../../core/upstream/change.ts'
import { createGate } from '../../core/upstream/gate.ts'
import { createUpstreamStore, type UpstreamStore, upstreamKey } from '../../core/upstream/store.ts'
import { openWindow } from '../../core/upstream/window.ts'
import { startDynamo } from '../support/dynamo.ts'
import { ended, START, tells } from './support/gates.ts'
import { createMemoryStore } from './support/memory-store.ts'
import { randomOf, silent } from './support/worker.ts'

const MINUTE = 60_000
let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function open() {
  const { state } = await embedded.tables()
  const table = { dynamo: embedded.dynamo, table: state }
  return { ...table, store: createUpstreamStore(table, 'main') }
}

const [spec] = CLICKUP.windows
if (spec === undefined) throw new Error('ClickUp has a window')
const opened = openWindow(null, spec, { override: null, known: null }, START)
const lease = (by: number, atMost: number): Change =>
  changeOf({
    add: [{ path: ['window:minute', 'leased'], by }],
    when: [
      { path: ['window:minute', 'begun'], is: START },
      { path: ['window:minute', 'leased'], atMost },
    ],
  })
const breaker = { failures: 1, firstAt: START, probes: 0, probeAt: null }

describe('the store', () => {
  it('does what the one in memory does, on which everything else is tested', async () => {
    const [real, memory] = [(await open()).store, createMemoryStore().store]
    const changes: Change[] = [
      lease(1, 9),
      changeOf({
        set: [{ path: ['window:minute'], value: opened }],
        when: [{ path: ['window:minute'], is: null }],
      }),
      changeOf({ set: [{ path: ['window:minute'], value: opened }], when: [{ path: ['window:minute'], is: null }] }),
      lease(5, 5),
      lease(5, 4),
      lease(4, 5),
      allOf([
        changeOf({
          set: membersOf('window:minute', { state: 'told', learned: { limit: 60, until: START + 1 } }),
          when: [{ path: ['window:minute', 'state'], is: 'new' }],
        }),
        changeOf({ set: [{ path: ['breaker'], value: breaker }], when: [{ path: ['breaker'], is: null }] }),
      ]),
      changeOf({ remove: [['breaker']], when: [{ path: ['breaker', 'failures'], is: 2 }] }),
      allOf([changeOf({ remove: [['breaker']], when: [{ path: ['breaker', 'failures'], is: 1 }] }), lease(1, 100)]),
    ]
    const done: boolean[] = []
    for (const change of changes) {
      const [one, other] = [await real.apply(change), await memory.apply(change)]
      expect(one).toBe(other)
      expect(await real.load()).toEqual(await memory.load())
      done.push(one)
    }
    expect(done).toEqual([false, true, false, true, false, true, true, false, true])
    expect((await real.load()).windows['minute']).toMatchObject({ leased: 10, state: 'told' })
  })

  it('begins anew where an item is none of ours: nothing in it can be relied on, and the answers tell it again', async () => {
    const { store, dynamo, table } = await open()
    await dynamo.send(
      new PutCommand({ TableName: table, Item: { ...upstreamKey('main'), 'window:minute': { begun: 'x' } } }),
    )
    expect(await store.load()).toEqual({ windows: {}, breaker: null, refusal: null })
    const gate = createGate({
      ...{ store, windows: CLICKUP.windows, clock: { now: () => START }, random: () => 0, log: silent },
      sleep: async () => undefined,
    })
    expect(await gate.enter('live', '1')).toEqual({ kind: 'granted', probe: false })
    expect((await store.load()).windows['minute']).toMatchObject({ leased: 1 })
  })
})

/** ClickUp as the workers of one token see it: a minute begins with the first call after the last one. */
function provider(clock: { now(): number }, limit: number) {
  const windows: { start: number; calls: number }[] = []
  return {
    windows,
    call() {
      const last = windows.at(-1)
      const window = last !== undefined && clock.now() < last.start + MINUTE ? last : { start: clock.now(), calls: 0 }
      if (window !== last) windows.push(window)
      window.calls += 1
      return tells(limit, Math.max(0, limit - window.calls), window.start + MINUTE)
    },
  }
}

it('keeps twenty workers who want more than there is inside the budget, uses it, and is seldom written', async () => {
  const { store } = await open()
  const clock = { time: START, now: () => clock.time }
  const random = randomOf(7)
  const clickup = provider(clock, 100)
  const writes = { asked: 0, done: 0 }
  const counting: UpstreamStore = {
    load: store.load,
    async apply(change) {
      writes.asked += 1
      const done = await store.apply(change)
      if (done) writes.done += 1
      return done
    },
  }
  const gates = Array.from({ length: 20 }, () =>
    createGate({
      ...{ store: counting, windows: CLICKUP.windows, clock, random, log: silent },
      // A twentieth of the time, so that the workers do come one after the other.
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
    }),
  )
  /** Works until the gate is shut; tells until when. */
  async function work(gate: (typeof gates)[number]): Promise<number> {
    for (;;) {
      const passage = await gate.reserve('live', 5, '1')
      if (passage.kind === 'blocked') return passage.until
      for (let i = 0; i < passage.calls; i++) {
        const entry = await gate.enter('live', '1')
        if (entry.kind === 'blocked') return entry.until
        await gate.leave(ended('ok', { told: clickup.call(), probe: entry.probe }))
      }
    }
  }
  while (clickup.windows.length < 5) {
    const until = await Promise.all(gates.map(work))
    clock.time = Math.max(clock.time + 1, Math.min(...until))
  }
  await Promise.all(gates.map(work))
  const calls = clickup.windows.map((window) => window.calls)
  expect(Math.max(...calls)).toBeLessThanOrEqual(100)
  expect(Math.min(...calls.slice(0, -1))).toBeGreaterThanOrEqual(90)
  const sum = calls.reduce((total, each) => total + each, 0)
  expect(writes.done).toBeLessThanOrEqual(sum / 5)
  // How often two of them meet, and one asks again, depends on the machine: seldom enough is less than every other call.
  expect(writes.asked).toBeLessThanOrEqual(sum / 2)
}, 60_000)
