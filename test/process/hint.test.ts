import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivery, item, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { answer, taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000
/** So long after a hint, no read lags behind it any more. */
const SETTLED = 60_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp(answers: Record<string, unknown> = {}) {
  return setUpConsumer({ embedded, now: T + SETTLED, answers })
}

const list = (name: string) => ({ id: '901', name, archived: false })

describe('a hint', () => {
  it('is not done with by what another look had found before', async () => {
    const { process, message, published, answers, services, sentAgain } = await setUp({ '/list/901': list('One') })
    const hint = () => message(delivery('listUpdated', { list_id: '901' }), T)
    await process([hint()])
    answers.set('/list/901', list('Two'))
    const { known } = services()
    let saves = 0
    // Cut off when the change is complete and still in the outbox: the third write would have taken it out.
    const save: typeof known.save = (...written) => {
      saves += 1
      return saves < 3 ? known.save(...written) : Promise.reject(new Error('cut'))
    }
    expect(await process([hint()], { known: { ...known, save } })).toEqual(['retry'])
    answers.set('/list/901', list('Three'))
    expect(await process([hint(), hint()])).toEqual(['done', 'done'])
    await process(sentAgain.splice(0).map((each) => each.message))
    expect(published.map(({ after }) => after)).toEqual(['Two', 'Three'])
  })

  it('does not tell again what a delivery beside it tells', async () => {
    const { process, message, published, answers, clock } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), priority: null }),
    })
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    clock.time += SETTLED
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + SETTLED), name: 'Renamed' }))
    const { field: _field, ...unreadable } = item('3', 'name', T + SETTLED)
    const told = taskItem.priority('2', T + SETTLED)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [told, unreadable]))])
    expect(published.map(({ field }) => field).sort()).toEqual(['name', 'priority', 'status'])
  })

  it.each([
    ['/space/701', { id: '701', name: 'Team' }, delivery('spaceUpdated', { space_id: '701' })],
    ['/task/abc', taskAnswer('abc'), delivery('taskUpdated', { task_id: 'abc' }, [])],
  ])('at what was out of sight (%s) begins its history when it is seen', async (path, value, body) => {
    const { process, message, published, answers, clock } = await setUp({
      [path]: answer(401, { ECODE: 'OAUTH_027' }),
    })
    await process([message(body, T)])
    answers.set(path, value)
    clock.time += SETTLED
    await process([message(body, T)])
    await process([message(body, T)])
    expect(published).toEqual([])
  })
})

describe('a look at a task', () => {
  it('does not take back what was told after its read', async () => {
    const { process, message, published, answers, clock, services } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), status: { status: 'to do', type: 'open' } }),
    })
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('1', T)]), T)])
    clock.time += SETTLED
    // Told and accounted for, but the snapshot is still the one before.
    const told = item('2', 'status', clock.time, { after: { status: 'done', type: 'closed' } })
    const { tasks } = services()
    const record: typeof tasks.record = async (_connection, _seen, before) =>
      before ?? Promise.reject(new Error('none'))
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [told]), clock.time - 10_000)], {
      tasks: { ...tasks, record },
    })
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, []), clock.time)])
    expect(published.filter(({ actor }) => actor === null)).toEqual([])
    // And when it is true, it is told once, though nothing has moved the task's own time.
    clock.time += SETTLED
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T), status: { status: 'to do', type: 'open' } }))
    for (let i = 0; i < 3; i += 1) await process([message(delivery('taskUpdated', { task_id: 'abc' }, []), T)])
    expect(published.filter(({ actor }) => actor === null)).toMatchObject([
      { field: 'status', before: { name: 'done' }, after: { name: 'to do' } },
    ])
  })
})
