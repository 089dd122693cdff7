import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meterReads } from '../../../core/export/read-units.ts'
import { recentChanges } from '../../../core/ledger/day.ts'
import { resourceHistory } from '../../../core/ledger/history.ts'
import { changedTasks } from '../../../core/standup/facts/changed-tasks.ts'
import { startDynamo } from '../../support/dynamo.ts'
import {
  ALL,
  ATTIC,
  aChange,
  aTask,
  BUGS,
  createWorld,
  HOUR,
  priorityOf,
  ROADMAP,
  SPAN,
  statusOf,
  told,
  UNTIL,
  type World,
} from './support/world.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
let world: World

/** A workspace of 400 tasks, a tenth of them in the list that is asked for, on a busy day: every other task changes ten times. */
const TASKS = 400
const CHANGES = 12
const LISTS = [ROADMAP, ...Array.from({ length: 5 }, () => BUGS), ...Array.from({ length: 4 }, () => ATTIC)]
const IDS = Array.from({ length: TASKS }, (_, i) => `k${i}`)
const listOf = (i: number) => LISTS[i % LISTS.length] ?? ROADMAP
const changes = IDS.filter((_, i) => i % 20 < 10).flatMap((id) => {
  const list = listOf(IDS.indexOf(id))
  return Array.from({ length: CHANGES }, (_, n) => {
    const at = UNTIL - 8 * HOUR + n * 60_000
    const names = n % 2 === 0 ? (['low', 'high'] as const) : (['high', 'low'] as const)
    const values = n === CHANGES - 1 ? ([priorityOf('high'), priorityOf('urgent')] as const) : names.map(priorityOf)
    const [before = null, after = null] = values
    return aChange(id, 'priority', [before, after], at, { listId: list.id })
  })
})

beforeAll(async () => {
  embedded = await startDynamo()
  world = await createWorld(embedded)
  await world.bulk({
    tasks: IDS.map((id, i) => aTask({ id, list: listOf(i), status: statusOf('to do') })),
    changes,
  })
})
afterAll(() => embedded.close())

async function unitsOf(act: () => Promise<unknown>): Promise<number> {
  const meter = meterReads(world.dynamo, null)
  try {
    await act()
    return meter.units()
  } finally {
    meter.stop()
  }
}

const ledger = () => ({ dynamo: world.dynamo, table: world.tables.ledger })
const historyOf = (id: string) =>
  resourceHistory(ledger(), { connection: 'main', resource: { kind: 'task', id }, since: SPAN.from })

describe('what is read of the ledger', () => {
  it('is less than by reading every change, or by asking every task', async () => {
    const keys = await unitsOf(() => changedTasks(ledger(), 'main', SPAN))
    const everyChange = await unitsOf(() =>
      recentChanges(ledger(), { since: SPAN.from, until: SPAN.until, limit: 1e9, connection: 'main' }),
    )
    // DynamoDB charges a unit for an answer without items, too, and dynalite none.
    const everyTask = TASKS / 2 + (await unitsOf(() => Promise.all(IDS.map(historyOf))))
    const snapshots = TASKS
    const all = await unitsOf(() => world.material())
    expect(changes).toHaveLength((TASKS / 2) * CHANGES)
    // Twenty changes a unit and more.
    expect(keys).toBeLessThan(changes.length / 20)
    expect(everyChange).toBeGreaterThan(changes.length)
    // The histories of those that changed, and next to nothing else.
    const ours = all - snapshots
    expect(ours).toBeLessThan(everyChange / 3)
    expect(ours).toBeLessThan(everyTask)
  })

  it('is no more for one list, which also has to know what has left it', async () => {
    const scope = { ...ALL, lists: [ROADMAP.id] }
    const [all, some] = [await unitsOf(() => world.material()), await unitsOf(() => world.material({ scope }))]
    // The list is asked by its own index, too, and of the strays none has to be read whole.
    expect(some).toBeLessThan(all + TASKS / 5)
    expect(told(await world.material({ scope }), 'priority')).toHaveLength(TASKS / LISTS.length / 2)
  })

  it('is nothing more for a quiet day than the snapshots and the index', async () => {
    const span = { ...SPAN, from: UNTIL, until: UNTIL + HOUR }
    expect(await unitsOf(() => world.material({ span, now: UNTIL + HOUR }))).toBeLessThan(TASKS * 1.1)
  })
})

describe('a day with thousands of changes', () => {
  it('takes seconds and little memory, and none of it is lost', async () => {
    const before = process.memoryUsage().heapUsed
    const began = performance.now()
    const material = await world.material()
    const took = performance.now() - began
    expect(material.totals.priority).toBe(TASKS / 2)
    expect(material.cut).toBe(false)
    expect(took).toBeLessThan(8_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 1024 * 1024)
  })
})
