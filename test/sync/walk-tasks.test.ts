import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Stretch } from '../../core/sync/stretch.ts'
import { nextPage } from '../../core/sync/walk-tasks.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const BULK_AT = NOON - 5 * HOUR
const BULK = 500

/** Five hundred tasks with one `date_updated`, and some before and after. */
async function bulk(defaultOrder: 'ascending' | 'descending') {
  const its = await setUpSync(embedded, { faults: { defaultOrder } })
  const make = (at: number, count: number) =>
    its.world.inThePast(at, () => Array.from({ length: count }, (_, i) => its.task(`${at} ${i}`).id))
  const [older, same, younger] = [make(BULK_AT - HOUR, 30), make(BULK_AT, BULK), make(BULK_AT + HOUR, 30)]
  return { ...its, same, all: [...older, ...same, ...younger] }
}

/** Lists everything, and lets something happen after each page. */
async function walk(its: Awaited<ReturnType<typeof bulk>>, between: (page: number) => void = () => undefined) {
  const seen: string[] = []
  let stretches: Stretch[] = [
    { since: BULK_AT - 2 * HOUR, until: NOON, page: 0, archived: false, edge: [], at: null, isAgain: false },
  ]
  let pages = 0
  while (stretches.length > 0) {
    if (pages > 60) throw new Error('The pages do not come to an end.')
    const page = await nextPage(stretches, its.services())
    if (page.kind !== 'page') throw new Error(page.kind)
    seen.push(...page.tasks.map(({ id }) => id))
    stretches = page.rest
    between(pages)
    pages += 1
  }
  return { seen: new Set(seen), pages }
}

describe.each(['ascending', 'descending'] as const)('a bulk edit of 500 tasks, listed %s', (order) => {
  it('is listed whole', async () => {
    const its = await bulk(order)
    const { seen, pages } = await walk(its)
    expect(its.all.filter((id) => !seen.has(id))).toEqual([])
    expect(pages).toBeLessThan(20)
  })

  it('is listed whole but for those that leave it, when some change while its pages are counted', async () => {
    const its = await bulk(order)
    const left = new Set<string>()
    const { seen } = await walk(its, (page) => {
      // Those that were listed first leave, so that the others move up.
      for (const id of its.same.slice(page * 20, page * 20 + 20)) {
        its.world.rename(its.actor, id, 'Changed')
        left.add(id)
      }
      for (const id of its.same.slice(-page * 10 - 10, -page * 10 || undefined)) {
        its.world.rename(its.actor, id, 'Changed')
        left.add(id)
      }
    })
    expect(left.size).toBeGreaterThan(100)
    expect(its.all.filter((id) => !seen.has(id) && !left.has(id))).toEqual([])
  })
})
