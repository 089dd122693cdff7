import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claim } from '../../core/process/claim.ts'
import { deferred } from '../../core/process/defer.ts'
import { hear } from '../../core/process/hear.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'

const NOW = 1_789_000_010_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A batch of so many changes of one task, heard and not claimed; each call of `services` is another worker. */
async function batch(count: number) {
  const worker = await setUpConsumer({ embedded, now: NOW })
  const items = Array.from({ length: count }, (_, i) => taskItem.status(`h${i}`, NOW - 1_000))
  const message = worker.message(delivery('taskUpdated', { task_id: 'abc' }, items))
  const heard = async () => (await hear([message], worker.services())).works
  return { ...worker, heard }
}

describe('claiming the changes of a batch', () => {
  it('holds what is ours, and gives it no outcome yet', async () => {
    const { heard, services } = await batch(2)
    const works = await heard()
    await claim(works, services(), Number.POSITIVE_INFINITY)
    expect(works.map(({ held, outcome }) => ({ held, outcome }))).toEqual(Array(2).fill({ held: true, outcome: null }))
  })

  it('puts off what another worker has, for less than the shortest delay of a queue', async () => {
    const { heard, services } = await batch(1)
    await claim(await heard(), services(), Number.POSITIVE_INFINITY)
    const [work] = await heard()
    if (work === undefined) throw new Error('one change')
    await claim([work], services(), Number.POSITIVE_INFINITY)
    expect(work).toMatchObject({ held: false, outcome: deferred('busy', NOW + 800) })
  })

  it('finds out in one look what is done, and claims the others alone', async () => {
    const { heard, services } = await batch(3)
    const [first] = await heard()
    if (first === undefined) throw new Error('a change')
    const { ledger } = services()
    await ledger.claim(first.change)
    await ledger.complete(first.change, NOW)
    const claimed: string[] = []
    const other = services()
    const watched = {
      ...other.ledger,
      claim: (change: typeof first.change) => {
        claimed.push(change.id)
        return other.ledger.claim(change)
      },
    }
    const works = await heard()
    await claim(works, { ...other, ledger: watched }, Number.POSITIVE_INFINITY)
    const outcomes = works.map(({ change, held, outcome }) => ({ id: change.id, held, outcome }))
    const others = works.map(({ change }) => change.id).filter((id) => id !== first.change.id)
    expect(outcomes).toContainEqual({ id: first.change.id, held: false, outcome: { kind: 'duplicate' } })
    for (const id of others) expect(outcomes).toContainEqual({ id, held: true, outcome: null })
    expect(claimed.toSorted()).toEqual(others.toSorted())
  })

  it('finds out by the claim what the look did not show yet', async () => {
    const { heard, services } = await batch(1)
    const works = await heard()
    const one = services()
    for (const { change } of works) {
      await one.ledger.claim(change)
      await one.ledger.complete(change, NOW)
    }
    const other = services()
    const lagging = { ...other.ledger, doneAmong: async () => new Set<string>() }
    await claim(works, { ...other, ledger: lagging }, Number.POSITIVE_INFINITY)
    expect(works).toMatchObject([{ held: false, outcome: { kind: 'duplicate' } }])
  })

  it('begins none when the time is over, and puts them off until there is more', async () => {
    const { heard, services, clock } = await batch(2)
    const works = await heard()
    await claim(works, services(), clock.time)
    expect(works).toMatchObject(Array(2).fill({ held: false, outcome: deferred('outOfTime', NOW) }))
    const others = await heard()
    await claim(others, services(), clock.time + 1)
    expect(others).toMatchObject(Array(2).fill({ held: true, outcome: null }))
  })

  it('takes what was not answered for as held, so that it is given back', async () => {
    const { heard, services } = await batch(1)
    const works = await heard()
    const over = services()
    const ledger = { ...over.ledger, claim: () => Promise.reject(new Error('no answer')) }
    await claim(works, { ...over, ledger }, Number.POSITIVE_INFINITY)
    expect(works).toMatchObject([{ held: true, outcome: { kind: 'failed' } }])
  })
})
