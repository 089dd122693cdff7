import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import { createDesk } from '../../core/process/expansion/desk.ts'
import { callErrand } from '../../core/process/owed/call-errand.ts'
import { runErrand } from '../../core/process/owed/errand.ts'
import type { Passage } from '../../core/upstream/passage.ts'
import { READING } from '../support/consumer.ts'
import { delivery, taskItem, twins } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { answer, taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000
const LISTING = '/team/9001/task'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A consumer one second after T, held back as when deployed, before a gate that the test opens and shuts. */
async function setUp(answers: Record<string, unknown> = {}) {
  const gate = { passage: null as Passage | null }
  const worker = await setUpConsumer({
    embedded,
    now: T + 1_000,
    answers,
    reading: READING.deployed,
    gate: {
      ...openGate,
      look: async (lane) => gate.passage ?? openGate.look(lane),
      reserve: async (lane, calls) => gate.passage ?? openGate.reserve(lane, calls),
      enter: async (lane, version) => (gate.passage?.kind === 'blocked' ? gate.passage : openGate.enter(lane, version)),
    },
  })
  /** Works off what was put off, at the time that it was put off to. */
  async function later(): Promise<void> {
    const again = worker.sentAgain.splice(0)
    worker.clock.time += Math.max(...again.map(({ delaySeconds }) => delaySeconds)) * 1000
    for (let i = 0; i < again.length; i += 10)
      await worker.run(again.slice(i, i + 10).map(({ message }): DeliveryMessage => message))
  }
  return { ...worker, gate, later }
}

const changed = (task: string, history: string, at = T) =>
  delivery('taskStatusUpdated', { task_id: task }, [taskItem.status(history, at)])
const listed = (...ids: string[]) => ({ tasks: ids.map((id) => taskAnswer(id, { date_updated: String(T) })) })
const ids = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`)

describe('many tasks that change at once', () => {
  it('are read by one listing, and nobody else reads them', async () => {
    const all = ids(40)
    const { run, message, published, sentAgain, calls, later, clock } = await setUp({ [LISTING]: listed(...all) })
    for (let i = 0; i < 40; i += 10)
      await Promise.all([run(all.slice(i, i + 10).map((id) => message(changed(id, id))))])
    const singly = calls.length
    expect(singly).toBeLessThanOrEqual(10)
    expect(sentAgain.length).toBe(40 - published.length)
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published.map(({ resource }) => resource.id).toSorted()).toEqual(all.toSorted())
    // Once for those that are there, once for the archived.
    expect(calls.slice(singly)).toEqual([`/api/v2${LISTING}`, `/api/v2${LISTING}`])
    expect(clock.time).toBeLessThan(T + 20_000)
  })

  it('are listed again when the storm before has ended without a word', async () => {
    const all = ids(10)
    const { run, message, published, sentAgain, later, tables, clock } = await setUp({ [LISTING]: listed(...all) })
    const desk = createDesk({ dynamo: embedded.dynamo, table: tables.state, connection: 'main' })
    const before = { now: T - 3_600_000, waiting: 1, waitingSince: T - 60_000, nextListingAt: T - 3_600_000, chance: 0 }
    await desk.wait(before, await desk.look())
    await run(all.map((id) => message(changed(id, id))))
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published).toHaveLength(10)
    expect(clock.time).toBeLessThan(T + 30_000)
  })

  it('are read singly when it is not known any more which workspace to list', async () => {
    const all = ids(10)
    const answers = Object.fromEntries(all.map((id) => [`/task/${id}`, taskAnswer(id, { date_updated: String(T) })]))
    const worker = await setUp(answers)
    const { message, published, sentAgain, clock, tables } = worker
    await worker.run(all.map((id) => message(changed(id, id))))
    expect(published).toEqual([])
    clock.time += 10_000
    await worker.process(
      sentAgain.splice(0).map((again) => again.message),
      { record: async () => null },
    )
    expect(published).toHaveLength(10)
    const desk = createDesk({ dynamo: embedded.dynamo, table: tables.state, connection: 'main' })
    expect(await desk.look()).toMatchObject({ listingUntil: 0 })
  })

  it('are not held by a worker whose listing broke off', async () => {
    const all = ids(10)
    const worker = await setUp({ [LISTING]: listed(...all) })
    const { message, published, sentAgain, later, clock, tables, services } = worker
    await worker.run(all.map((id) => message(changed(id, id))))
    clock.time += 10_000
    const again = sentAgain.splice(0).map((each) => each.message)
    const { clickup } = services()
    const broken = {
      ...clickup,
      get: async () => {
        throw new Error('the table is throttled')
      },
    }
    expect(await worker.process(again, { clickup: broken })).toEqual(again.map(() => 'retry'))
    // Nothing is claimed for longer than it is worked on, and nothing counts as listed that was not.
    expect((await embedded.all(tables.ledger)).filter(({ owner }) => owner !== undefined)).toEqual([])
    const desk = createDesk({ dynamo: embedded.dynamo, table: tables.state, connection: 'main' })
    expect(await desk.look()).toMatchObject({ listingUntil: 0, listed: [], todo: [{}, {}] })
    await worker.run(again)
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published).toHaveLength(10)
  })

  it('end to be listed, whichever way ClickUp orders them', async () => {
    const all = ids(12)
    const full = Array.from({ length: 100 }, (_, i) => taskAnswer(`x${i}`, { date_updated: String(T + i) }))
    const { run, message, sentAgain, later, calls } = await setUp({ [LISTING]: { tasks: full } })
    await run(all.map((id) => message(changed(id, id))))
    expect(sentAgain).toHaveLength(12)
    await later()
    expect(calls.length).toBeLessThan(12)
  })

  it('that no listing brings are read one by one', async () => {
    const all = ids(12)
    const { run, message, published, sentAgain, calls, later } = await setUp({
      [LISTING]: listed(...all.slice(1)),
      '/task/t0': taskAnswer('t0', { date_updated: String(T) }),
    })
    await run(all.map((id) => message(changed(id, id))))
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published).toHaveLength(12)
    expect(calls.filter((path) => path.endsWith('/task/t0'))).toHaveLength(1)
  })

  it('a page with one broken task yields the others', async () => {
    const all = ids(12)
    const { tasks } = listed(...all.slice(1))
    const { run, message, published, sentAgain, later, counts, quarantined } = await setUp({
      [LISTING]: { tasks: [{ id: { not: 'an id' } }, ...tasks] },
      '/task/t0': { id: { not: 'an id' } },
    })
    await run(all.map((id) => message(changed(id, id))))
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published).toHaveLength(11)
    expect(quarantined).toMatchObject([{ fault: { class: 'invalid' } }])
    expect(counts['AnswersUnreadable']).toBeGreaterThan(0)
  })

  it('a listing that stops half way is gone on with', async () => {
    const all = ids(12)
    const { run, message, published, sentAgain, later, answers, tables } = await setUp({ [LISTING]: answer(503, {}) })
    await run(all.map((id) => message(changed(id, id))))
    await later()
    const { todo } = await createDesk({ dynamo: embedded.dynamo, table: tables.state, connection: 'main' }).look()
    expect(todo).toHaveLength(2)
    answers.set(LISTING, listed(...all))
    for (let round = 0; sentAgain.length > 0 && round < 8; round += 1) await later()
    expect(published).toHaveLength(12)
  })
})

describe('one task that changes all the time', () => {
  it('is read once in five seconds', async () => {
    const { run, message, calls, sentAgain, later, published, answers } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T) }),
    })
    await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        run([message(changed('abc', `${i}a`)), message(changed('abc', `${i}b`, T + 900))]),
      ),
    )
    expect(calls).toHaveLength(1)
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + 900) }))
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(calls.length).toBeLessThanOrEqual(3)
    expect(published).toHaveLength(10)
  })
})

describe('a task that cannot be read for too long', () => {
  const DOWN: Passage = { kind: 'blocked', why: 'down', until: T + 20_000, since: T }

  it('has its changes published without it, once, and follows when it can', async () => {
    const task = { '/task/abc': taskAnswer('abc', { date_updated: String(T) }) }
    const { run, message, published, sentAgain, calls, later, gate, clock, tables } = await setUp(task)
    gate.passage = DOWN
    await run(twins('taskStatusUpdated', 'abc', taskItem.status('1', T)).map((body) => message(body)))
    expect(published).toEqual([])
    for (let round = 0; published.length === 0 && round < 20; round += 1) {
      gate.passage = { ...DOWN, until: clock.time + 20_000 }
      await later()
    }
    expect(clock.time - T).toBeLessThan(11 * 60_000)
    expect(published).toMatchObject([{ field: 'status', degraded: true, task: null }])
    expect(await embedded.all(tables.ledger)).toMatchObject([{ status: 'done' }])
    expect(calls).toEqual([])

    gate.passage = null
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(published.slice(1)).toMatchObject([
      { field: 'expansion', degraded: false, task: { id: 'abc', status: { name: 'in progress' } } },
    ])
    expect(await embedded.all(tables.ledger)).toHaveLength(1)
    expect((await embedded.all(tables.tasks)).filter(({ pk }) => pk === 'main#owed')).toEqual([])
  })

  it('follows by listings when there are many, and at once when the next change reads it', async () => {
    const all = ids(40)
    const { run, message, published, sentAgain, calls, later, gate, clock } = await setUp({
      [LISTING]: listed(...all.slice(1)),
      '/task/t0': taskAnswer('t0', { date_updated: String(T + 700_000) }),
    })
    gate.passage = DOWN
    clock.time = T + 660_000
    for (let i = 0; i < 40; i += 10) await run(all.slice(i, i + 10).map((id) => message(changed(id, id), T + 1_000)))
    expect(published.filter(({ degraded }) => degraded)).toHaveLength(40)
    gate.passage = null
    clock.time = T + 701_000
    await run([message(changed('t0', 'next', T + 700_000))])
    const expanded = () => published.filter(({ field }) => field === 'expansion').map(({ resource }) => resource.id)
    expect(expanded()).toEqual(['t0'])
    for (let round = 0; sentAgain.length > 0 && round < 8; round += 1) await later()
    expect(expanded().toSorted()).toEqual(all.toSorted())
    expect(calls.length).toBeLessThanOrEqual(5)
  })

  it('does not hold up a comment, which needs no read', async () => {
    const { run, message, published, gate, clock } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T) }),
    })
    await run([message(changed('abc', '1'))])
    gate.passage = DOWN
    clock.time += 60_000
    await run([message(delivery('taskCommentPosted', { task_id: 'abc' }, [taskItem.comment('2', T + 60_000)]))])
    expect(published.map(({ field }) => field)).toEqual(['status', 'comment'])
  })
})

describe('what is owed of a task', () => {
  const DOWN: Passage = { kind: 'blocked', why: 'down', until: T + 720_000, since: T - 1_000 }
  const task = (over = {}) => ({ '/task/abc': taskAnswer('abc', { date_updated: String(T), ...over }) })

  /** A task that was read at T, and a change of it at T + 20 s that was published without it. */
  async function owing() {
    const worker = await setUp(task())
    await worker.run([worker.message(changed('abc', '1'))])
    worker.gate.passage = DOWN
    worker.clock.time = T + 640_000
    await worker.run([worker.message(changed('abc', '2', T + 20_000), T + 20_000)])
    expect(worker.published.map(({ degraded }) => degraded)).toEqual([false, true])
    const owed = async () => (await embedded.all(worker.tables.tasks)).filter(({ pk }) => pk === 'main#owed')
    expect(await owed()).toHaveLength(1)
    return { ...worker, owed }
  }
  const expansions = (events: readonly { field: string; task: unknown }[]) =>
    events.filter(({ field }) => field === 'expansion')

  it('is come for although the worker that accounted for it has died before it could call anybody', async () => {
    const { process, run, message, published, sentAgain, gate, later, clock, services } = await setUp(task())
    gate.passage = DOWN
    clock.time = T + 640_000
    const [first, twin] = [message(changed('abc', '1'), T + 10), message(changed('abc', '1'), T + 20)]
    await process([first], {
      owed: {
        ...services().owed,
        add: async () => {
          throw new Error('The worker ends here.')
        },
      },
    })
    await run([twin])
    expect(sentAgain).toMatchObject([{ message: { encoding: 'errand' } }])
    gate.passage = null
    for (let round = 0; sentAgain.length > 0 && round < 6; round += 1) await later()
    expect(expansions(published)).toHaveLength(1)
  })

  it('is not paid with what was read before', async () => {
    const { run, message, published, gate, later, answers } = await owing()
    await run([message(delivery('taskCommentPosted', { task_id: 'abc' }, [taskItem.comment('3', T + 630_000)]))])
    expect(expansions(published)).toEqual([])
    gate.passage = null
    answers.set('/task/abc', taskAnswer('abc', { name: 'New', date_updated: String(T + 20_000) }))
    await later()
    expect(expansions(published)).toMatchObject([{ task: { name: 'New' } }])
  })

  it('stands when it is owed anew while it is paid', async () => {
    const { services, clock, gate, owed, sentAgain } = await owing()
    gate.passage = null
    const over = services()
    const paying = services({
      publish: async (events) => {
        // Meanwhile another worker has paid, and a third one owes again.
        const known = await over.known.load('main', { kind: 'task', id: 'abc' })
        if (known === null) throw new Error('nothing is known')
        const next = { ...known, version: known.version + 1, owedSince: T + 30_000 }
        await over.known.save('main', { kind: 'task', id: 'abc' }, next, known.version)
        await over.owed.add('main', { id: 'abc', since: T + 30_000 })
        return events.map(() => null)
      },
    })
    const errand = sentAgain.splice(0)[0]?.message ?? expect.fail('no errand')
    clock.time += 16_000
    await runErrand(errand, paying)
    expect(await owed()).toMatchObject([{ since: T + 30_000 }])
  })

  it('does not wait for a task that can never be read, which is asked for ever less often', async () => {
    const all = ids(20)
    const { run, message, published, sentAgain, calls, later, gate, clock } = await setUp(
      Object.fromEntries(
        all.map((id, i) => [`/task/${id}`, i < 12 ? answer(500, {}) : taskAnswer(id, { date_updated: String(T) })]),
      ),
    )
    gate.passage = DOWN
    clock.time = T + 660_000
    for (const some of [all.slice(0, 10), all.slice(10)])
      await run(some.map((id) => message(changed(id, id), T + 1_000)))
    gate.passage = null
    for (let round = 0; round < 12; round += 1) await later()
    expect(expansions(published)).toHaveLength(8)
    expect(sentAgain).toHaveLength(1)
    const before = { calls: calls.length, time: clock.time }
    while (clock.time < before.time + 3_600_000) await later()
    expect(calls.length - before.calls).toBeLessThan(400)
  })

  it('is still come for when it is owed just as the errand ends', async () => {
    const { services, clock, gate, owed, sentAgain } = await owing()
    gate.passage = null
    const errand = sentAgain.splice(0)[0]?.message ?? expect.fail('no errand')
    clock.time += 16_000
    const { owed: store, desk } = services()
    await store.remove('main', { id: 'abc', since: T + 20_000 })
    const list = async (connection: string, limit: number) => {
      const open = await store.list(connection, limit)
      if ((await owed()).length === 0) {
        await store.add('main', { id: 'abc', since: T + 20_000 })
        await callErrand(services())
      }
      return open
    }
    await runErrand(errand, services({ owed: { ...store, list } }))
    expect(await owed()).toHaveLength(1)
    expect(sentAgain).toHaveLength(1)
    expect((await desk.look()).errandAt).toBeGreaterThan(clock.time)
  })

  it('is written down where it is found before it is looked for', async () => {
    const worker = await setUp(task())
    worker.gate.passage = { ...DOWN, until: T + 1_000_000 }
    worker.clock.time = T + 640_000
    const { owed: store } = worker.services()
    const known: unknown[] = []
    const add: typeof store.add = async (connection, debt) => {
      known.push((await worker.services().known.load('main', { kind: 'task', id: 'abc' }))?.owedSince)
      await store.add(connection, debt)
    }
    await worker.process([worker.message(changed('abc', '1'), T + 1_000)], { owed: { ...store, add } })
    // An errand that finds it on the list before takes it for paid.
    expect(known).toEqual([T + 1_000])
  })
})

describe('a message that is put off', () => {
  it('stays where it is when nobody says that the queue has it', async () => {
    const worker = await setUp()
    worker.gate.passage = { kind: 'blocked', why: 'down', until: T + 20_000, since: T }
    const messages = [worker.message(changed('abc', '1'))]
    expect(await worker.process(messages, { sendAgain: async () => [] })).toEqual(['retry'])
  })

  it('for ever is set aside when it has outlived every queue', async () => {
    const { run, message, quarantined, gate, clock } = await setUp()
    gate.passage = { kind: 'blocked', why: 'down', until: T + 20_000, since: T }
    clock.time = T + 15 * 86_400_000
    await run([message(delivery('listUpdated', { list_id: '901' }), T)])
    gate.passage = null
    expect(quarantined).toMatchObject([{ fault: { class: 'expired', reason: expect.stringContaining('unavailable') } }])
  })
})
