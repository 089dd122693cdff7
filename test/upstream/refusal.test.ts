import { describe, expect, it } from 'vitest'
import { type Refusal, refusalAfter, refusalAt, type TokenFate, takeTrial } from '../../core/upstream/refusal.ts'
import { createMemoryStore } from './support/memory-store.ts'

const START = 1_789_000_000_000
const MINUTE = 60_000

/** The shared item after calls that ended so, at the times given. */
async function afterCalls(...ends: [fate: Partial<TokenFate>, at: number][]) {
  const { store, state, writes } = createMemoryStore()
  const end = async (over: Partial<TokenFate>, at: number) => {
    const fate: TokenFate = { token: 'refused', version: '1', code: 'OAUTH_025', probe: false, ...over }
    const change = refusalAfter(state().refusal, fate, at)
    if (change !== null) await store.apply(change)
  }
  for (const [fate, at] of ends) await end(fate, at)
  const tryIt = (version: string, at: number) => {
    const { refusal } = state()
    return refusal === null ? Promise.resolve(false) : store.apply(takeTrial(refusal, version, at))
  }
  return { store, writes, end, tryIt, refusal: () => state().refusal }
}

const refused: Refusal = {
  ...{ versions: ['1'], code: 'OAUTH_025', since: START, tries: 0, tryAt: START + MINUTE, trial: null },
}

describe('the refusal of a token', () => {
  it('says which version was refused, as what, since when, and when it is tried again', async () => {
    expect((await afterCalls([{}, START])).refusal()).toEqual(refused)
  })

  it('is written down once, however many calls with that version are refused', async () => {
    const { writes, refusal } = await afterCalls([{}, START], [{}, START + 1], [{ code: 'OAUTH_019' }, START + 2])
    expect({ done: writes.done, refusal: refusal() }).toEqual({ done: 1, refusal: refused })
  })

  it('that two workers find in the same moment is that of the first', async () => {
    const { store, refusal } = await afterCalls()
    const found = (version: string) =>
      refusalAfter(null, { token: 'refused', version, code: 'OAUTH_025', probe: false }, START)
    const [one, other] = [found('1'), found('2')]
    if (one === null || other === null) throw new Error('a refusal is news')
    expect([await store.apply(one), await store.apply(other)]).toEqual([true, false])
    expect(refusal()).toEqual(refused)
  })

  it('does not come of a call that never came to the token', async () => {
    expect((await afterCalls([{ token: 'unsaid' }, START])).refusal()).toBeNull()
    expect((await afterCalls([{}, START], [{ token: 'unsaid', probe: true }, START + 1])).refusal()).toEqual(refused)
  })

  it('ends with a call that another version, or a try, was accepted in, and with no other', async () => {
    const accepted = { token: 'accepted' as const }
    expect((await afterCalls([accepted, START])).writes.asked).toBe(0)
    expect((await afterCalls([{}, START], [accepted, START + 1])).refusal()).toEqual(refused)
    expect((await afterCalls([{}, START], [{ ...accepted, probe: true }, START + 1])).refusal()).toBeNull()
    expect((await afterCalls([{}, START], [{ ...accepted, version: '2' }, START + 1])).refusal()).toBeNull()
  })

  it('of another version beside the first keeps what is known of the first', async () => {
    const { refusal } = await afterCalls([{}, START], [{ version: '2', code: 'OAUTH_019' }, START + 5])
    expect(refusal()).toEqual({ ...refused, versions: ['1', '2'], code: 'OAUTH_019' })
  })

  it('remembers five versions, the newest', async () => {
    const { refusal } = await afterCalls(
      ...['1', '2', '3', '4', '5', '6'].map((version) => [{ version }, START] as [Partial<TokenFate>, number]),
    )
    expect(refusal()?.versions).toEqual(['2', '3', '4', '5', '6'])
  })
})

describe('whether a call may be made with a token', () => {
  it.each<[string, Refusal | null, string | undefined, number, ReturnType<typeof refusalAt>]>([
    ['that nobody has refused', null, '1', START, { kind: 'open' }],
    [
      'that was refused a moment ago: not',
      refused,
      '1',
      START + MINUTE - 1,
      { kind: 'shut', until: START + MINUTE, since: START },
    ],
    ['that was refused, when its time has come: to try', refused, '1', START + MINUTE, { kind: 'probe' }],
    ['that is another one: to try', refused, '2', START, { kind: 'probe' }],
    [
      'that is not named: as with the refused one',
      refused,
      undefined,
      START,
      { kind: 'shut', until: START + MINUTE, since: START },
    ],
    ['that is not named, when the time has come: to try', refused, undefined, START + MINUTE, { kind: 'probe' }],
  ])('%s', (_, refusal, version, now, barrier) => {
    expect(refusalAt(refusal, version, now)).toEqual(barrier)
  })
})

describe('the right to try', () => {
  it('a refused version is taken by one, and moves the next try on', async () => {
    const { tryIt, refusal, store } = await afterCalls([{}, START])
    const [one, other] = [takeTrial(refused, '1', START + MINUTE), takeTrial(refused, '1', START + MINUTE)]
    expect([await store.apply(one), await store.apply(other)]).toEqual([true, false])
    expect(refusal()).toEqual({ ...refused, tries: 1, tryAt: START + 3 * MINUTE })
    await tryIt('1', START + 3 * MINUTE)
    expect(refusal()).toEqual({ ...refused, tries: 2, tryAt: START + 7 * MINUTE })
  })

  it('another version is taken at once, is over after 15 s, and begins the waits anew', async () => {
    const { tryIt, refusal } = await afterCalls([{}, START])
    await tryIt('1', START + MINUTE)
    await tryIt('2', START + MINUTE + 1)
    const tried = { ...refused, versions: ['1', '2'], tries: 0, tryAt: START + MINUTE + 15_001, trial: '2' }
    expect(refusal()).toEqual(tried)
    await tryIt('1', START + 2 * MINUTE)
    expect(refusal()).toEqual({ ...tried, tries: 1, tryAt: START + 4 * MINUTE, trial: null })
  })

  it('another version that is refused, too, has both wait from now on', async () => {
    const { tryIt, end, refusal } = await afterCalls([{}, START])
    await tryIt('2', START + 10)
    await end({ version: '2', code: 'OAUTH_019', probe: true }, START + 20)
    expect(refusal()).toEqual({ ...refused, versions: ['1', '2'], code: 'OAUTH_019', tryAt: START + 20 + MINUTE })
  })

  it('is not given on by who saw another state of it', async () => {
    const { store } = await afterCalls([{}, START])
    for (const seen of [{ since: START - 1 }, { tryAt: START }, { tries: 1 }]) {
      expect(await store.apply(takeTrial({ ...refused, ...seen }, '2', START + 1))).toBe(false)
    }
    expect(await (await afterCalls()).store.apply(takeTrial(refused, '2', START))).toBe(false)
  })
})
