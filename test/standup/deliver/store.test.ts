import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STATE_TTL } from '../../../core/platform/tables.ts'
import type { Occasion } from '../../../core/standup/deliver/occasion.ts'
import { loadOccasion, openOccasion } from '../../../core/standup/deliver/store.ts'
import { manualClock } from '../../local-clickup/support.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { MADE, OCCASION, SUMMARY } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp() {
  const { state } = await embedded.tables()
  const clock = manualClock()
  const place = { dynamo: embedded.dynamo, table: state, clock }
  const open = (owner: string, occasion: Occasion = OCCASION) =>
    openOccasion({ ...place, owner }, occasion, ['comment', 'event'])
  async function session(owner: string) {
    const opened = await open(owner)
    if (opened.kind !== 'open') throw new Error(opened.kind)
    return opened.session
  }
  return { clock, place, state, open, session, load: () => loadOccasion(place, OCCASION) }
}

const done = { stage: 'done', at: 1, id: null } as const

describe('an occasion', () => {
  it('is one worker’s until it gives it back, and another goes on where it stands', async () => {
    const { open, session, clock } = await setUp()
    const first = await session('a')
    await first.keep(MADE)
    expect(await open('b')).toEqual({ kind: 'busy', until: clock.now() + 300_000 })
    await first.mark('comment', done)
    await first.release()
    const { record } = await session('b')
    expect(record).toMatchObject({ made: MADE, outputs: { comment: done, event: { stage: 'open' } }, tries: 2 })
  })

  it('of a worker that has died is taken over when the lease has ended, and lost to whoever comes back', async () => {
    const { open, session, clock, load } = await setUp()
    const died = await session('a')
    clock.advance(300_000)
    expect(await open('b')).toMatchObject({ kind: 'busy' })
    clock.advance(1)
    const second = await session('b')
    await expect(died.keep(MADE)).rejects.toThrow('another worker has taken over')
    await died.release()
    expect(await load()).toMatchObject({ owner: 'b', made: null })
    await second.keep(MADE)
    expect(await load()).toMatchObject({ made: MADE })
  })

  it('is over when every output is done or failed, and then nobody begins it again', async () => {
    const { open, session, clock } = await setUp()
    const one = await session('a')
    await one.keep(MADE)
    await one.mark('comment', { stage: 'failed', at: 1, reason: 'No such task.' })
    await one.mark('event', done)
    clock.advance(10 * 86_400_000)
    expect(await open('b')).toMatchObject({ kind: 'over', record: { outputs: { comment: { stage: 'failed' } } } })
  })

  it('is over when it was dropped, though nothing was made', async () => {
    const { open, session } = await setUp()
    await (await session('a')).drop('The task has left the status.')
    expect(await open('b')).toMatchObject({ kind: 'over', record: { dropped: 'The task has left the status.' } })
  })

  it('is another one by another prompt, name or day, and for another task', async () => {
    const { open } = await setUp()
    const recipe = { ...OCCASION, kind: 'recipe', on: { taskId: 't1', occasion: 'c1' } } as const
    const others: Occasion[] = [
      OCCASION,
      { ...OCCASION, kind: 'summary', prompt: 'standup/v2', on: '2026-03-16' },
      { ...OCCASION, kind: 'summary', name: 'backend', on: '2026-03-16' },
      { ...OCCASION, kind: 'summary', on: '2026-03-17' },
      recipe,
      { ...recipe, on: { taskId: 't2', occasion: 'c1' } },
      { ...recipe, on: { taskId: 't1', occasion: 'c2' } },
    ]
    for (const occasion of others) expect(await open('a', occasion)).toMatchObject({ kind: 'open' })
    for (const occasion of others) expect(await open('b', occasion)).toMatchObject({ kind: 'busy' })
  })

  it('is begun by one of many that come at once', async () => {
    const { open } = await setUp()
    const opened = await Promise.all(Array.from({ length: 8 }, (_, i) => open(`w${i}`)))
    expect(opened.filter(({ kind }) => kind === 'open')).toHaveLength(1)
    expect(opened.filter(({ kind }) => kind === 'busy')).toHaveLength(7)
  })

  it('of a worker that has died is taken over by one of many that come at once', async () => {
    const { open, clock } = await setUp()
    await open('a')
    clock.advance(300_001)
    const opened = await Promise.all(Array.from({ length: 8 }, (_, i) => open(`w${i}`)))
    expect(opened.filter(({ kind }) => kind === 'open')).toHaveLength(1)
    expect(opened.filter(({ kind }) => kind === 'busy')).toHaveLength(7)
  })

  it('is ours again where only the answer to the claim was lost', async () => {
    const { session } = await setUp()
    await session('a')
    await expect(session('a')).resolves.toBeDefined()
  })

  it('that a later release has written is not begun again', async () => {
    const { open, session, state, load } = await setUp()
    await session('a')
    const [item] = await embedded.all(state)
    await embedded.dynamo.send(new PutCommand({ TableName: state, Item: { ...item, schemaVersion: 2 } }))
    expect(await open('b')).toEqual({ kind: 'over', record: null })
    expect(await load()).toBeNull()
  })

  it('is forgotten by the table 35 days after somebody was last at it, and counts until then', async () => {
    const { session, state, clock, open } = await setUp()
    await (await session('a')).drop('x')
    const [item] = await embedded.all(state)
    expect(item?.[STATE_TTL]).toBe(Math.floor(clock.now() / 1000) + 35 * 86_400)
    clock.advance(50 * 86_400_000)
    expect(await open('b')).toMatchObject({ kind: 'over' })
  })

  it('holds no more than fits into an item', async () => {
    const { session, load } = await setUp()
    const [statement] = SUMMARY.statements
    if (statement === undefined) throw new Error('no statement')
    const changeIds = Array.from({ length: 200 }, (_, i) => `${i}`.padStart(64, 'a'))
    const statements = Array.from({ length: 100 }, () => ({ ...statement, changeIds }))
    const kept = await (await session('a')).keep({ kind: 'summary', summary: { ...SUMMARY, statements } })
    expect(kept.summary.statements.length).toBeGreaterThan(20)
    expect(kept.summary.statements.length).toBeLessThan(100)
    expect(await load()).toMatchObject({ made: kept })
  })
})
