import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClickUp } from '../../core/clickup/client.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { LEASE_MS } from '../support/consumer.ts'
import { delivery, item, taskItem, twins } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { answer, taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A consumer ten seconds after T, before a ClickUp with the given answers. */
async function setUp(
  answers: Record<string, unknown> = {},
  over: { connection?: Connection; token?: string | null } = {},
) {
  return setUpConsumer({ embedded, now: T + 10_000, answers, ...over })
}

const PRESENT = { '/task/abc': taskAnswer('abc', { date_updated: String(T) }) }

describe('a batch', () => {
  it('reads a task once for all its changes and publishes each with it', async () => {
    const { process, message, published, calls, counts } = await setUp(PRESENT)
    const bodies = [
      ...twins('taskStatusUpdated', 'abc', taskItem.status('1', T)),
      ...twins('taskAssigneeUpdated', 'abc', taskItem.assignee('2', T - 5)),
    ]
    expect(await process(bodies.map((body) => message(body)))).toEqual(['done', 'done', 'done', 'done'])
    expect(calls).toEqual(['/api/v2/task/abc'])
    expect(published.map(({ field }) => field).sort()).toEqual(['assignee_add', 'status'])
    expect(counts).toMatchObject({ ChangesPublished: 2, ChangesDuplicate: 2 })
    expect(published[0]).toMatchObject({
      schemaVersion: 1,
      connection: 'main',
      resource: { kind: 'task', id: 'abc' },
      actor: { id: '183', name: 'Kim', isSelf: false },
      location: { list: { id: '901', name: 'Roadmap' }, folder: { id: '801' }, space: { id: '701' } },
      task: { id: 'abc', name: 'Task abc', state: 'present' },
      degraded: false,
      omitted: [],
    })
  })

  it('does not read again what is fresh enough, nor for a comment', async () => {
    const { process, message, calls, clock } = await setUp(PRESENT)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    clock.time += 60_000
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('2', T - 100)]))])
    await process([message(delivery('taskCommentPosted', { task_id: 'abc' }, [taskItem.comment('3', T + 60_000)]))])
    expect(calls).toHaveLength(1)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.content('4', T + 65_000)]))])
    expect(calls).toHaveLength(2)
  })

  it('puts off what a lagging read does not show yet, and does not wait for ever', async () => {
    const { process, message, sentAgain, clock, published, answers } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), status: { status: 'to do', type: 'open' } }),
    })
    const at = T + 9_000
    const first = message(delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('1', at)]))
    expect(await process([first])).toEqual(['done'])
    expect(published).toHaveLength(0)
    expect(sentAgain).toMatchObject([{ delaySeconds: 4, message: { attempts: 1, receivedAt: first.receivedAt } }])
    clock.time = at + 6_000
    await process(sentAgain.splice(0).map((each) => each.message))
    expect(published).toMatchObject([{ task: { status: { name: 'to do' } } }])
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(at + 5_500) }))
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('2', at + 5_500)]))])
    expect(published[1]).toMatchObject({ task: { status: { name: 'in progress' } } })
  })

  it('is not held up by a change from the future', async () => {
    const { process, message, published } = await setUp(PRESENT)
    const future = message(
      delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T + 1e12, 'elsewhere')]),
      T + 1_000,
    )
    expect(await process([future])).toEqual(['done'])
    expect(published).toHaveLength(1)
  })

  it('records a change of a task that is gone or hidden', async () => {
    const { process, message, published } = await setUp({
      '/task/hidden': answer(401, { err: 'Team not authorized', ECODE: 'OAUTH_027' }),
    })
    await process(
      ['gone', 'hidden'].map((id) => message(delivery('taskUpdated', { task_id: id }, [taskItem.status('1', T)]))),
    )
    expect(published.map(({ task }) => task?.state).sort()).toEqual(['deleted', 'outOfSight'])
    expect(published[0]?.location.list).toEqual({ id: '901', name: null })
  })

  it('tells two deletions apart when the task was restored in between', async () => {
    const { process, message, published, clock, answers } = await setUp(PRESENT)
    const deletion = () => message(delivery('taskDeleted', { task_id: 'abc' }, []))
    await process([deletion(), deletion()])
    await process([deletion()])
    expect(published.map(({ field }) => field)).toEqual(['deletion'])
    clock.time += 60_000
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T) }))
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('9', T + 60_000)]))])
    clock.time += 60_000
    answers.delete('/task/abc')
    const again = deletion()
    // A read lags, and ClickUp numbers no deletion: of a task that came back one waits until a read can tell.
    expect(await process([again])).toEqual(['done'])
    expect(published).toHaveLength(2)
    clock.time += 10_000
    await process([again])
    expect(published.map(({ field }) => field)).toEqual(['deletion', 'status', 'deletion'])
    expect(new Set(published.map(({ changeId }) => changeId)).size).toBe(3)
  })

  it('takes a deletion that is told late, of a task that is there again, for the end of its former life', async () => {
    const { process, message, published, clock, answers, tables } = await setUp({})
    const status = (id: string, at: number) =>
      message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status(id, at)]))
    await process([status('8', T)])
    clock.time += 60_000
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(clock.time) }))
    await process([status('9', clock.time)])
    const late = message(delivery('taskDeleted', { task_id: 'abc' }, []))
    clock.time += 10_000
    await process([late])
    expect(published.map(({ field }) => field)).toEqual(['status', 'status', 'deletion'])
    const snapshot = (await embedded.all(tables.tasks)).find(({ sk }) => sk === 'snapshot')
    expect(snapshot).toMatchObject({ state: 'present', incarnation: 1 })
    // An answer that nobody can read must not keep a deletion from being told.
    answers.set('/task/abc', answer(200, { id: {} }))
    clock.time += 60_000
    const again = message(delivery('taskDeleted', { task_id: 'abc' }, []))
    clock.time += 10_000
    expect(await process([again])).toEqual(['done'])
    expect(published.map(({ field }) => field)).toEqual(['status', 'status', 'deletion', 'deletion'])
  })

  it('keeps time entries, edits and deletions in the worklog', async () => {
    const { process, message, tables } = await setUp(PRESENT)
    const entry = (id: string, at: number, over: Record<string, unknown>) =>
      message(delivery('taskTimeTrackedUpdated', { task_id: 'abc' }, [{ ...taskItem.time(id, at), ...over }]))
    const value = { id: '28008', start: String(T - 100), end: String(T), time: '100', source: 'clickup' }
    await process([entry('2', T + 50, { before: value, after: null }), entry('1', T, {})])
    const items = await embedded.all(tables.tasks)
    expect(items.find(({ sk }) => sk === 'time#28008')).toMatchObject({ deleted: true, durationMs: 100, userId: '183' })
  })

  it('keep the same one of two tellings of a time entry at one moment, in either order', async () => {
    const told = ['1', '2'].map((id) => {
      const value = { id: '28008', start: String(T - Number(id)), end: String(T), time: id, source: 'clickup' }
      return delivery('taskTimeTrackedUpdated', { task_id: 'abc' }, [{ ...taskItem.time(id, T), after: value }])
    })
    const ends = await Promise.all(
      [told, told.toReversed()].map(async (bodies) => {
        const { process, message, tables } = await setUp(PRESENT)
        for (const body of bodies) await process([message(body)])
        return (await embedded.all(tables.tasks)).find(({ sk }) => sk === 'time#28008')
      }),
    )
    expect(ends[0]).toBeDefined()
    expect(ends[1]).toEqual(ends[0])
  })
})

describe('a fault of ClickUp', () => {
  it.each([
    [
      'a spent limit',
      answer(429, { ECODE: 'APP_002' }, { 'x-ratelimit-reset': String((T + 40_000) / 1000) }),
      30,
      'rateLimited',
    ],
    ['an outage', answer(503, {}), 15, 'unavailable'],
    ['a maintenance page', new Response('<html>', { status: 200 }), 15, 'unavailable'],
    ['a page that forbids', new Response('<html>', { status: 403 }), 15, 'unavailable'],
    ['half an answer', new Response('{"id":"abc","na', { status: 200 }), 15, 'unavailable'],
    ['a dead token', answer(401, { ECODE: 'OAUTH_025' }), 15, 'tokenDead'],
  ])('%s puts work off and gives its claim back', async (_, response, delay, reason) => {
    const { process, message, sentAgain, published, tables, quarantined, lines, answers } = await setUp({
      '/task/abc': response,
    })
    const bodies = twins('taskStatusUpdated', 'abc', taskItem.status('1', T))
    expect(await process(bodies.map((body) => message(body)))).toEqual(['done', 'done'])
    expect(sentAgain.map(({ delaySeconds }) => delaySeconds)).toEqual([delay, delay])
    expect(await embedded.all(tables.ledger)).toEqual([])
    expect(quarantined).toEqual([])
    expect(lines.some((line) => line['decision'] === 'deferred' && line['reason'] === reason)).toBe(true)
    answers.set('/task/abc', PRESENT['/task/abc'])
    await process(sentAgain.map((each) => each.message))
    expect(published).toHaveLength(1)
  })

  it('an answer that is none quarantines the message with its reason, and nothing else suffers', async () => {
    const { process, message, quarantined, published, tables } = await setUp({ ...PRESENT, '/task/odd': { id: {} } })
    const dispositions = await process([
      message(delivery('taskUpdated', { task_id: 'odd' }, [taskItem.status('1', T)])),
      message('{"event":'),
      message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('2', T)])),
    ])
    expect(dispositions).toEqual(['done', 'done', 'done'])
    expect(quarantined.map(({ fault }) => fault.class).sort()).toEqual(['invalid', 'malformed'])
    expect(published).toHaveLength(1)
    // The claim of what was set aside is free, so that it can be sent back at any time.
    expect(await embedded.all(tables.ledger)).toMatchObject([{ status: 'done' }])
  })

  it('a token that cannot be read is waited for, too', async () => {
    const { process, message, sentAgain, services, clock } = await setUp(PRESENT)
    const token = () => Promise.reject(new Error('The token secret is not JSON.'))
    const others = { random: () => 0, sleep: async () => undefined, gate: openGate, lane: 'live' } as const
    const clickup = createClickUp({ baseUrl: 'http://clickup.test/api', token, fetch, clock, ...others })
    const body = delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)])
    expect(await process([message(body)], { ...services(), clickup })).toEqual(['done'])
    expect(sentAgain).toHaveLength(1)
  })

  it('without a stored token everything waits', async () => {
    const { process, message, sentAgain, calls } = await setUp(PRESENT, { token: null })
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    expect(calls).toEqual([])
    expect(sentAgain).toHaveLength(1)
  })
})

describe('a fault of our own', () => {
  const body = delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)])

  it.each([
    ['the bus refuses', { publish: async () => ['InternalFailure'] }],
    ['the bus does not answer', { publish: () => Promise.reject(new Error('timeout')) }],
    ['the bus answers nothing', { publish: async () => [] }],
  ])('%s: the message comes again and its claim is free', async (_, over) => {
    const { process, message, published, tables } = await setUp(PRESENT)
    expect(await process([message(body)], over)).toEqual(['retry'])
    expect(await embedded.all(tables.ledger)).toEqual([])
    expect(await process([message(body)])).toEqual(['done'])
    expect(published).toHaveLength(1)
  })

  it('a claim that was written and not answered for is given back all the same', async () => {
    const { process, message, tables, services } = await setUp(PRESENT)
    const { ledger } = services()
    const claim: typeof ledger.claim = async (change) => {
      await ledger.claim(change)
      throw new Error('timeout')
    }
    expect(await process([message(body)], { ledger: { ...ledger, claim } })).toEqual(['retry'])
    expect(await embedded.all(tables.ledger)).toEqual([])
  })

  it.each([
    ['is refused', () => Promise.reject(new Error('throttled'))],
    ['is always overtaken', async () => false],
  ])('when accounting %s, the change is not complete and the message comes again', async (_, save) => {
    const { process, message, services, tables } = await setUp(PRESENT)
    const { known } = services()
    expect(await process([message(body)], { known: { ...known, save } })).toEqual(['retry'])
    expect(await embedded.all(tables.ledger)).toEqual([])
    expect(await process([message(body)])).toEqual(['done'])
    const items = await embedded.all(tables.tasks)
    expect(items.find(({ sk }) => sk === 'known')).toMatchObject({ fields: { status: { at: T } } })
  })

  it('an event that the bus will never take is set aside with the reason', async () => {
    const { process, message, quarantined } = await setUp(PRESENT)
    expect(await process([message(body)], { publish: async () => ['MalformedDetail'] })).toEqual(['done'])
    expect(quarantined.map(({ fault }) => fault)).toMatchObject([
      { class: 'refused', reason: 'the bus: MalformedDetail' },
    ])
  })

  it('a re-send that fails keeps the message where it is', async () => {
    const { process, message } = await setUp({ '/task/abc': answer(503, {}) })
    const sendAgain = () => Promise.reject(new Error('refused'))
    expect(await process([message(body)], { sendAgain })).toEqual(['retry'])
  })

  it('a claim that cannot be given back is told of', async () => {
    const { process, message, services, lines } = await setUp({ '/task/abc': answer(503, {}) })
    const { ledger } = services()
    const release = () => Promise.reject(new Error('refused'))
    expect(await process([message(body)], { ledger: { ...ledger, release } })).toEqual(['done'])
    expect(lines).toContainEqual(expect.objectContaining({ message: 'A claim could not be given back' }))
  })

  it('a crash after publishing publishes the same change again, and the ledger has it once', async () => {
    const { process, message, published, tables, services, clock } = await setUp(PRESENT)
    const { ledger } = services()
    const never = new Promise<'completed'>(() => undefined)
    // The worker is gone: nothing after the bus happens, and nothing is given back.
    void process([message(body)], { ledger: { ...ledger, complete: () => never } })
    await expect.poll(() => published.length).toBe(1)
    expect(await process([message(body)])).toEqual(['done'])
    expect(published).toHaveLength(1)
    clock.time += LEASE_MS + 1
    expect(await process([message(body)])).toEqual(['done'])
    expect(published.map(({ changeId }) => changeId)).toEqual([published[0]?.changeId, published[0]?.changeId])
    expect(await embedded.all(tables.ledger)).toMatchObject([{ status: 'done' }])
  })
})

describe('a hint', () => {
  const list = (name: string, over: Record<string, unknown> = {}) => ({ id: '901', name, archived: false, ...over })

  it('makes changes of what the look finds, once', async () => {
    const { process, message, published, answers, clock } = await setUp({
      '/folder/801': { id: '801', name: 'Product', hidden: false },
    })
    const hint = (event: string) => message(delivery(event, { folder_id: '801' }))
    await process([hint('folderCreated'), hint('folderCreated')])
    await process([hint('folderUpdated')])
    answers.set('/folder/801', { id: '801', name: 'Products', hidden: false })
    await process([hint('folderUpdated')])
    await process([hint('folderUpdated')])
    answers.delete('/folder/801')
    clock.time += 60_000
    await process([hint('folderDeleted'), hint('folderDeleted')])
    await process([hint('folderDeleted')])
    expect(published.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['creation', null, { name: 'Product', archived: false, hidden: false, space: null, state: 'present' }],
      ['name', 'Product', 'Products'],
      ['deletion', { name: 'Products', archived: false, hidden: false, space: null }, null],
    ])
  })

  it('takes one look for all of a batch that say the same', async () => {
    const { process, message, published, calls } = await setUp({ '/folder/801': { id: '801', name: 'Product' } })
    await process(Array.from({ length: 10 }, () => message(delivery('folderCreated', { folder_id: '801' }))))
    expect(calls).toEqual(['/api/v2/folder/801'])
    expect(published).toHaveLength(1)
  })

  it('at a place that was there before begins its history without telling that it was made', async () => {
    const { process, message, published, answers } = await setUp({ '/space/701': { id: '701', name: 'Team' } })
    const hint = (event: string) => message(delivery(event, { space_id: '701' }))
    await process([hint('spaceUpdated')])
    expect(published).toEqual([])
    answers.set('/space/701', { id: '701', name: 'Teams' })
    await process([hint('spaceUpdated')])
    // The word of its making comes last, and is told all the same.
    await process([hint('spaceCreated')])
    await process([hint('spaceCreated')])
    expect(published.map(({ field, after }) => [field, after])).toEqual([
      ['name', 'Teams'],
      ['creation', expect.objectContaining({ name: 'Teams' })],
    ])
  })

  it('survives a crash between the look and the bus, even if the place changes meanwhile', async () => {
    const { process, message, published, answers } = await setUp({ '/list/901': list('One') })
    const hint = message(delivery('listCreated', { list_id: '901' }))
    await process([hint])
    answers.set('/list/901', list('Two'))
    const failing = { publish: () => Promise.reject(new Error('timeout')) }
    expect(await process([hint], failing)).toEqual(['retry'])
    answers.set('/list/901', list('Three'))
    await process([hint])
    await process([hint])
    expect(published.slice(1).map(({ before, after }) => [before, after])).toEqual([
      ['One', 'Two'],
      ['Two', 'Three'],
    ])
  })

  it('survives a crash between the bus and the ledger', async () => {
    const { process, message, published, tables, services, clock } = await setUp({ '/list/901': list('One') })
    const hint = message(delivery('listCreated', { list_id: '901' }))
    const { ledger } = services()
    const dying = {
      ledger: { ...ledger, complete: () => Promise.reject(new Error('cut')), release: async () => undefined },
    }
    expect(await process([hint], dying)).toEqual(['retry'])
    clock.time += LEASE_MS + 1
    expect(await process([hint])).toEqual(['done'])
    expect(await process([hint])).toEqual(['done'])
    expect(await embedded.all(tables.ledger)).toMatchObject([{ status: 'done', field: 'creation' }])
    expect(new Set(published.map(({ changeId }) => changeId)).size).toBe(1)
  })

  it('that tells of a deletion waits for the answer to catch up', async () => {
    const { process, message, published, sentAgain, answers } = await setUp({ '/list/901': list('One') })
    await process([message(delivery('listDeleted', { list_id: '901' }))])
    expect(sentAgain).toHaveLength(1)
    answers.set('/list/901', answer(401, { ECODE: 'OAUTH_027' }))
    await process(sentAgain.splice(0).map((each) => each.message))
    expect(published).toMatchObject([{ field: 'deletion', resource: { kind: 'list', id: '901' } }])
  })

  it('at a task tells what no delivery has told, in the words of a delivery', async () => {
    const { process, message, published, answers, clock } = await setUp(PRESENT)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    clock.time += 60_000
    answers.set(
      '/task/abc',
      taskAnswer('abc', {
        date_updated: String(T + 50_000),
        assignees: [],
        tags: [],
        priority: null,
        list: { id: '902', name: 'Done' },
      }),
    )
    const hint = message(delivery('taskUpdated', { task_id: 'abc' }, []))
    await process([hint])
    await process([hint])
    expect(published.slice(1).map(({ field, before, after, actor }) => [field, before, after, actor])).toEqual([
      ['assignee_rem', { id: '184', name: null }, null, null],
      ['section_moved', expect.anything(), expect.objectContaining({ list: { id: '902', name: 'Done' } }), null],
      ['priority', { id: '2', name: 'high' }, null, null],
      ['tag', ['urgent'], null, null],
    ])
    // The delivery that was only late: known already, under another id; what it says is accounted for once.
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, []))])
    expect(published).toHaveLength(5)
  })

  it('tells once of a value that is too large to keep', async () => {
    const { process, message, published, answers, clock } = await setUp(PRESENT)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    const field = { id: 'f1', name: 'Notes', type: 'text', value: 'x'.repeat(100_000) }
    for (const edit of [1, 2, 3]) {
      clock.time += 60_000
      answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + edit), custom_fields: [field] }))
      await process([message(delivery('taskUpdated', { task_id: 'abc' }, []))])
    }
    expect(published.slice(1)).toMatchObject([{ field: 'custom_field', after: { omitted: 'too large' } }])
  })

  it('at a task that was never read begins its knowledge and tells nothing', async () => {
    const { process, message, published, tables } = await setUp(PRESENT)
    expect(await process([message(delivery('taskUpdated', { task_id: 'abc' }, []))])).toEqual(['done'])
    expect(published).toEqual([])
    const items = await embedded.all(tables.tasks)
    expect(items.find(({ sk }) => sk === 'known')).toMatchObject({ fields: { 'assignee#184': { value: true } } })
  })

  it('tells two of a kind apart, and the same that comes back after it went', async () => {
    const { process, message, published, answers, clock } = await setUp(PRESENT)
    const hint = () => message(delivery('taskUpdated', { task_id: 'abc' }, []))
    await process([hint()])
    for (const assignees of [[], [184, 185], [], [184, 185]]) {
      clock.time += 60_000
      const people = assignees.map((id) => ({ id, username: null }))
      answers.set('/task/abc', taskAnswer('abc', { date_updated: String(clock.time), assignees: people }))
      await process([hint()])
    }
    expect(published.map(({ field }) => field.replace('assignee_', ''))).toEqual([
      'rem',
      ...['add', 'add'],
      ...['rem', 'rem'],
      ...['add', 'add'],
    ])
    expect(new Set(published.map(({ changeId }) => changeId)).size).toBe(7)
  })

  it('that is looked at by two at once makes the changes of one of them', async () => {
    const { process, message, published, answers, services, clock } = await setUp({ '/list/901': list('One') })
    const hint = message(delivery('listCreated', { list_id: '901' }))
    await process([hint])
    const { known } = services()
    const resource = { kind: 'list', id: '901' }
    const before = await known.load('main', resource)
    answers.set('/list/901', list('Two'))
    await process([hint], { publish: () => Promise.reject(new Error('timeout')) })
    // Whoever read before this look wrote its outbox must not overwrite it.
    expect(before && (await known.save('main', resource, before, before.version))).toBe(false)
    clock.time += LEASE_MS + 1
    await process([hint])
    expect(published.map(({ field }) => field)).toEqual(['creation', 'name'])
  })

  it('is also a delivery of which a part could not be read', async () => {
    const { process, message, published, answers, clock } = await setUp(PRESENT)
    await process([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))])
    clock.time += 60_000
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + 50_000), name: 'Renamed' }))
    const { field: _field, ...unreadable } = item('3', 'name', T + 50_000)
    await process([
      message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('2', T + 50_000), unreadable])),
    ])
    expect(
      published
        .slice(1)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['name', 'priority'])
  })

  it('at a list that history has renamed finds nothing more to tell', async () => {
    const { process, message, published, answers } = await setUp({ '/list/901': list('Old') })
    await process([message(delivery('listCreated', { list_id: '901' }))])
    answers.set('/list/901', list('New'))
    const renamed = item('8a2f82db', 'name', T + 20_000, { type: 6, before: 'Old', after: 'New' })
    await process([message(delivery('listUpdated', { list_id: '901' }, [renamed]))])
    await process([message(delivery('listCreated', { list_id: '901' }))])
    expect(published.map(({ field }) => field)).toEqual(['creation', 'name'])
  })
})

describe('what is written down', () => {
  it('has one line per change and nothing personal or secret in it', async () => {
    const { process, message, lines } = await setUp(PRESENT)
    await process(twins('taskCommentPosted', 'abc', taskItem.comment('1', T)).map((body) => message(body)))
    expect(lines).toMatchObject([
      { message: 'change', decision: 'published', field: 'comment', read: 'read', deliveries: 2 },
    ])
    expect(JSON.stringify(lines)).not.toMatch(/Kim|@|Looks good|a-token/)
  })
})
