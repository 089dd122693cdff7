import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beginPause, endPause } from '../../core/pause/change.ts'
import { pausable } from '../../core/pause/gate.ts'
import { loadPause, PAUSE_KEY, pausedBetween } from '../../core/pause/pause.ts'
import { createPauseWatch } from '../../core/pause/watch.ts'
import { PK } from '../../core/platform/tables.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'

const T = 1_789_000_000_000
const HOUR = 3_600_000

/** Told of each request to the tables, and may refuse it. */
let seen: () => void
let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
  embedded.dynamo.middlewareStack.add(
    (next) => async (given) => {
      seen()
      return next(given)
    },
    { step: 'initialize' },
  )
})
afterAll(() => embedded.close())

let state: { dynamo: typeof embedded.dynamo; table: string }
beforeEach(async () => {
  seen = () => undefined
  const { state: table } = await embedded.tables()
  state = { dynamo: embedded.dynamo, table }
})

const asked = { by: 'ada', reason: 'a migration', now: T }

describe('the pause', () => {
  it('says since when, by whom and why, and once more changes only who and why', async () => {
    expect(await loadPause(state)).toBeNull()
    expect(await beginPause(state, asked)).toMatchObject({ kind: 'changed', pause: { since: T } })
    const again = await beginPause(state, { by: 'bea', reason: null, now: T + 1 })
    expect(again).toMatchObject({ kind: 'already', pause: { since: T, by: 'ada', reason: 'a migration' } })
    await beginPause(state, { by: 'bea', reason: 'still that', now: T + 2 })
    expect(await loadPause(state)).toMatchObject({ since: T, by: 'bea', reason: 'still that', past: [] })
  })

  it('ends once, and is remembered as long as a message may live', async () => {
    expect(await endPause(state, T)).toMatchObject({ kind: 'already' })
    await beginPause(state, asked)
    expect(await endPause(state, T + HOUR)).toMatchObject({ kind: 'changed', pause: { since: null } })
    expect(await endPause(state, T + HOUR + 1)).toMatchObject({ kind: 'already' })
    await beginPause(state, { ...asked, now: T + 2 * HOUR })
    await endPause(state, T + 3 * HOUR)
    expect((await loadPause(state))?.past).toEqual([
      { from: T + 2 * HOUR, to: T + 3 * HOUR },
      { from: T, to: T + HOUR },
    ])
    const later = T + 40 * 24 * HOUR
    await beginPause(state, { ...asked, now: later })
    await endPause(state, later + HOUR)
    expect((await loadPause(state))?.past).toEqual([{ from: later, to: later + HOUR }])
  })

  it('is written over where what is there is not ours', async () => {
    const Item = { [PK]: PAUSE_KEY, v: 2, paused: true }
    await state.dynamo.send(new PutCommand({ TableName: state.table, Item }))
    await endPause(state, T)
    await beginPause(state, asked)
    expect(await loadPause(state)).toMatchObject({ since: T, by: 'ada' })
  })

  it('of two who pause at once leaves one', async () => {
    await endPause(state, T)
    await Promise.all(['ada', 'bea'].map((by, i) => beginPause(state, { by, reason: by, now: T + i })))
    await endPause(state, T + HOUR)
    expect((await loadPause(state))?.past).toHaveLength(1)
  })
})

it('time counts as paused as far as it lies in pauses, the one that goes on included', () => {
  const past = [
    { from: 50, to: 60 },
    { from: 10, to: 20 },
  ]
  expect(pausedBetween({ since: null, past }, 0, 100)).toBe(20)
  expect(pausedBetween({ since: null, past }, 15, 55)).toBe(10)
  expect(pausedBetween({ since: 90, past }, 15, 100)).toBe(5 + 10 + 10)
  expect(pausedBetween({ since: 90, past }, 95, 92)).toBe(0)
})

describe('whoever watches it', () => {
  function watcher() {
    const clock = { time: T, now: () => clock.time }
    const lines: string[] = []
    const log = (message: string) => void lines.push(message)
    const watch = createPauseWatch({ ...state, clock, log: { info: log, warn: log, error: log } })
    return { clock, lines, watch }
  }

  it('knows of a beginning and an end within seconds, and lets nobody call in between', async () => {
    const { clock, watch } = watcher()
    const gate = pausable(openGate, watch, clock)
    expect(await gate.enter('live', 'v')).toMatchObject({ kind: 'granted' })
    await beginPause(state, asked)
    clock.time += 5_000
    const shut = { kind: 'blocked', why: 'paused', since: T, until: clock.time + 15 * 60_000 }
    expect(await gate.enter('control', 'v')).toEqual(shut)
    expect(await gate.reserve('live', 3, 'v')).toEqual(shut)
    expect(await gate.look('sweep', 'v')).toEqual(shut)
    await endPause(state, clock.time)
    clock.time += 5_000
    expect(await gate.enter('live', 'v')).toMatchObject({ kind: 'granted' })
    expect(watch.pausedSince(0)).toBe(5_000)
  })

  it('reads once for all who ask within some seconds', async () => {
    const { clock, watch } = watcher()
    let reads = 0
    seen = () => {
      reads += 1
    }
    await Promise.all([watch.look(), watch.look(), watch.look()])
    clock.time += 4_999
    await watch.look()
    expect(reads).toBe(1)
    clock.time += 1
    await watch.look()
    expect(reads).toBe(2)
  })

  it('takes what is there and not ours for a pause, until it is written anew', async () => {
    const Item = { [PK]: PAUSE_KEY, v: 2, paused: true }
    await state.dynamo.send(new PutCommand({ TableName: state.table, Item }))
    const { clock, lines, watch } = watcher()
    expect((await watch.look()).since).toBe(T)
    expect(lines).toEqual([expect.stringContaining('hookline resume')])
    await endPause(state, T)
    clock.time += 5_000
    expect((await watch.look()).since).toBeNull()
  })

  it('stays with what it has seen while the table does not answer', async () => {
    const { clock, watch } = watcher()
    const away = () => {
      throw new Error('away')
    }
    seen = away
    expect((await watch.look()).since).toBeNull()
    seen = () => undefined
    await beginPause(state, asked)
    clock.time += 5_000
    expect((await watch.look()).since).toBe(T)
    seen = away
    clock.time += HOUR
    expect((await watch.look()).since).toBe(T)
  })
})
