import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../../core/ledger/change.ts'
import type { Material } from '../../../core/standup/material.ts'
import { createRandom } from '../../../local/clickup/random.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { type Happening, type Life, naiveFacts, stateAt } from './support/naive.ts'
import { shuffleReads } from './support/shuffled.ts'
import { aChange, aTask, born, createWorld, moved, priorityOf, statusOf } from './support/world.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const MINUTE = 60_000
/** Wednesday, 10:00 in Berlin; on the Sunday after, its clocks go back. */
const START = Date.UTC(2026, 9, 21, 8)
/** From Friday at 09:00 to Monday at 09:00, an hour later by the world's clock. */
const FROM = (Date.UTC(2026, 9, 23, 7) - START) / MINUTE
const UNTIL = (Date.UTC(2026, 9, 26, 8) - START) / MINUTE
const END = UNTIL + 60
const SPAN = { from: START + FROM * MINUTE, until: START + UNTIL * MINUTE, timeZone: 'Europe/Berlin' }

/** Whether people work in a minute, as the clock on the wall says. */
const wall = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  weekday: 'short',
  hour: '2-digit',
  hour12: false,
})
const WORKING = Array.from({ length: END + 1 }, (_, minute) => {
  const [day = '', hour = ''] = wall.format(START + minute * MINUTE).split(/,? /)
  return !['Sat', 'Sun'].includes(day) && Number(hour) >= 9 && Number(hour) < 17
})
const WINDOW = { from: FROM, until: UNTIL, isWorking: (minute: number) => WORKING[minute] === true }

const STATUSES = ['to do', 'in progress', 'in progress', 'in progress', 'review', 'waiting', 'done', 'closed']
/** Around the edges of the span more often than elsewhere. */
const minute = fc.oneof(
  fc.integer({ min: 1, max: END - 20 }),
  fc.integer({ min: FROM - 8, max: FROM + 8 }),
  fc.integer({ min: UNTIL - 8, max: UNTIL + 8 }),
)
const status = fc.constantFrom(...STATUSES)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ at: minute, lag: fc.nat(9), what: fc.constant('status' as const), to: status }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ at: minute, lag: fc.nat(9), what: fc.constant('priority' as const) },
      to: fc.constantFrom('urgent', 'high', 'low', null),
    }),
  },
)
/** Deliveries of one task are published in their order here; what comes out of order has its tests in `transitions.test.ts`. */
const life = fc
  .record({
    bornAt: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: FROM - 20 }) },
      { weight: 1, arbitrary: minute },
    ),
    status,
    all: fc.array(happening, { maxLength: 7, size: 'max' }),
    ending: fc.option(fc.record({ at: minute, lag: fc.nat(9) }), { freq: 6 }),
    isDone: fc.boolean(),
  })
  .map(({ bornAt, status: first, all, ending, isDone }): Omit<Life, 'id'> => {
    const done = isDone ? [{ at: FROM - 15, lag: 0, what: 'status' as const, to: 'done' }] : []
    const sorted = [...all, ...done, ...(ending === null ? [] : [{ ...ending, what: 'deletion' as const }])]
      .filter(({ at }) => at > bornAt)
      .sort((a, b) => a.at - b.at)
    const times = new Set<number>()
    const now: { status: string; priority: string | null } = { status: first, priority: null }
    let published = bornAt
    const happenings: Happening[] = []
    for (const each of sorted) {
      if (times.has(each.at) || happenings.at(-1)?.what === 'deletion') continue
      if (each.what !== 'deletion' && now[each.what] === each.to) continue
      times.add(each.at)
      if (each.what === 'status') now.status = each.to
      if (each.what === 'priority') now.priority = each.to
      published = Math.max(published, each.at + each.lag)
      happenings.push({ ...each, lag: published - each.at })
    }
    return { bornAt, status: first, happenings }
  })
/** Tasks that were done as usual, so that there is something to be usual. */
const usual = fc
  .record({ bornAt: fc.integer({ min: 1, max: FROM - 200 }), minutes: fc.integer({ min: 1, max: 150 }) })
  .map(({ bornAt, minutes }): Omit<Life, 'id'> => {
    const done = { at: bornAt + minutes, lag: 0, what: 'status' as const, to: 'done' }
    return { bornAt, status: 'in progress', happenings: [done] }
  })
/** And one that has been in work ever since. */
const slow = fc.integer({ min: 1, max: FROM - 400 }).map((bornAt): Omit<Life, 'id'> => {
  return { bornAt, status: 'in progress', happenings: [] }
})
const lives = fc
  .tuple(
    fc.array(slow, { maxLength: 1 }),
    fc.array(life, { minLength: 1, maxLength: 12, size: 'max' }),
    fc.oneof(fc.constant([]), fc.array(usual, { minLength: 4, maxLength: 8, size: 'max' })),
  )
  .map((some) => some.flat().map((each, i) => ({ id: `k${i}`, ...each })))

const at = (when: number) => START + when * MINUTE

function changesOf({ id, bornAt, status: first, happenings }: Life): (Change & { publishedAt: number })[] {
  const changes = born(id, first, at(bornAt), { publishedAt: at(bornAt) })
  const now: { status: string; priority: string | null } = { status: first, priority: null }
  for (const each of happenings) {
    const over = { publishedAt: at(each.at + each.lag) }
    if (each.what === 'deletion') changes.push(aChange(id, 'deletion', [null, null], at(each.at), over))
    else if (each.what === 'priority')
      changes.push(aChange(id, 'priority', [priorityOf(now.priority), priorityOf(each.to)], at(each.at), over))
    else changes.push(moved(id, now.status, each.to, at(each.at), over))
    if (each.what === 'status') now.status = each.to
    if (each.what === 'priority') now.priority = each.to
  }
  return changes
}

/** As it stands at the end of all, read a moment ago. */
function taskOf(one: Life) {
  const { deleted, status: name, priority } = stateAt(one, Number.MAX_SAFE_INTEGER)
  const times = one.happenings.flatMap((each) => (each.what === 'status' ? [each] : []))
  const lastOpen = times.findLastIndex(({ to }) => !['done', 'closed'].includes(to))
  const isDone = ['done', 'closed'].includes(name)
  const doneAt = lastOpen === -1 && ['done', 'closed'].includes(one.status) ? one.bornAt : times[lastOpen + 1]?.at
  return aTask({
    ...{ id: one.id, status: statusOf(name), priority: priorityOf(priority), createdAt: at(one.bornAt) },
    ...{ updatedAt: at(END), observedAt: at(END), doneAt: isDone && doneAt !== undefined ? at(doneAt) : null },
    state: deleted ? 'deleted' : 'present',
  })
}

/** The facts in the words of the naive reckoning. */
const linesOf = ({ facts, tasks }: Material): string[] =>
  facts
    .map((fact) => {
      const id = tasks.get(fact.task ?? '')?.id
      const minutes = (ms: number | null) => (ms ?? 0) / MINUTE
      switch (fact.kind) {
        case 'blocked':
          return `blocked ${id} ${minutes(fact.forMs)}`
        case 'stuck':
          return `stuck ${id} ${minutes(fact.forMs)} ${minutes(fact.p85Ms)}`
        case 'reopened':
        case 'moved':
        case 'priority':
          return `${fact.kind} ${id} ${fact.from} ${fact.to}`
        case 'done':
        case 'created':
          return `${fact.kind} ${id} ${fact.status}`
        default:
          return `${fact.kind} ${id}`
      }
    })
    .sort()

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

describe('the facts of any histories', () => {
  it('are those of the plainest reckoning, and the same in whatever order the tables answer', async () => {
    const random = createRandom(SEED)
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(lives, async (all) => {
        const world = await createWorld(embedded)
        await world.bulk({ tasks: all.map(taskOf), changes: all.flatMap(changesOf) })
        const ask = () => world.material({ span: SPAN, now: at(END) })
        const material = await ask()
        const lines = linesOf(material)
        expect(lines).toEqual(naiveFacts(all, WINDOW))
        const shuffled = shuffleReads(world.dynamo, random)
        try {
          expect(await ask()).toEqual(material)
          expect(shuffled.count()).toBeGreaterThan(5)
        } finally {
          shuffled.stop()
        }
        for (const { kind } of material.facts) seen.add(kind)
      }),
      { seed: SEED, numRuns: 30 },
    )
    // Each kind that can come of a history has come.
    const kinds = ['blocked', 'stuck', 'done', 'deleted', 'reopened', 'priority', 'created', 'moved']
    expect([...seen].sort()).toEqual(kinds.sort())
  })
})
