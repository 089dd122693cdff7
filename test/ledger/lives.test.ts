import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../core/ledger/change.ts'
import type { Recorded } from '../../core/ledger/history.ts'
import { dayKey, dayKeys, keyOf } from '../../core/ledger/keys.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { startDynamo } from '../support/dynamo.ts'

const AT = 1_789_000_000_000
const LEASE = 90_000
const KEEP_SECONDS = 400 * 86_400

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const change = (over: Partial<Change> = {}): Change => ({
  ...{ id: 'c'.repeat(64), connection: 'main', resource: { kind: 'task', id: 'abc' }, field: 'status' },
  ...{
    customField: null,
    before: { name: 'open' },
    after: { name: 'done' },
    at: AT,
    atEarliest: AT,
    order: String(AT),
  },
  ...{ actor: { id: '7', name: 'Kim' }, origin: 'webhook', receivedAt: AT + 1, listId: '901' },
  ...over,
})

async function workers() {
  const { ledger: table } = await embedded.tables()
  const clock = { time: AT, now: () => clock.time }
  const worker = (owner: string, name = table) =>
    createLedger({ dynamo: embedded.dynamo, table: name, clock, owner, leaseMs: LEASE, keepDays: 400 })
  const done = async (one: Change, publishedAt = AT) => {
    const ledger = worker('another')
    await ledger.claim(one)
    expect(await ledger.complete(one, publishedAt)).toBe('completed')
  }
  return { clock, table, worker, done, items: () => embedded.all(table) }
}

describe('what stands in the ledger', () => {
  it('of a claim is who has it until when, and nothing of the change', async () => {
    const { worker, items, clock } = await workers()
    clock.time = AT + 1_999
    await worker('one').claim(change())
    expect(await items()).toEqual([
      {
        ...keyOf(change()),
        ...{ status: 'claimed', owner: 'one', leaseUntil: AT + 1_999 + LEASE, schemaVersion: 1 },
        expiresAt: Math.floor((AT + 1_999) / 1000) + KEEP_SECONDS,
      },
    ])
  })

  it('of a change that is done is all of it, and who did it no more', async () => {
    const { done, items } = await workers()
    await done(change(), AT + 7)
    const { order: _order, ...facts } = change()
    expect(await items()).toEqual([
      {
        ...{ ...facts, ...keyOf(change()), ...dayKeys(change().id, AT + 7) },
        ...{ status: 'done', publishedAt: AT + 7, schemaVersion: 1, expiresAt: AT / 1000 + KEEP_SECONDS },
      },
    ])
  })

  it('is found under its resource, in the order of its history, and under the day of its publication', () => {
    const id = `0000000a${'f'.repeat(56)}`
    expect(keyOf(change({ id }))).toEqual({ pk: 'main#task#abc', sk: `${AT}#${id}` })
    // 2026-09-10T00:26:40Z; ten, in four shards.
    expect(dayKeys(id, AT)).toEqual({ day: '2026-09-10#2', daySk: `${AT}#${id}` })
    expect(dayKeys('ffffffff', AT)).toMatchObject({ day: '2026-09-10#3' })
    expect(dayKeys('10000000f', AT)).toMatchObject({ day: '2026-09-10#0' })
    expect(dayKey(Date.UTC(2026, 0, 1) - 1, 3)).toBe('2025-12-31#3')
  })
})

describe('a large batch', () => {
  it('learns in one look what is done already, and what is only claimed is not', async () => {
    const { worker, done } = await workers()
    const [finished, begun, unknown] = ['1', '2', '3'].map((n) => change({ id: n.repeat(64) }))
    if (finished === undefined || begun === undefined || unknown === undefined) throw new Error('three changes')
    await done(finished)
    await worker('one').claim(begun)
    expect(await worker('two').doneAmong([finished, begun, unknown])).toEqual(new Set([finished.id]))
  })
})

describe('a claim that is not ours', () => {
  it('is neither completed nor given back', async () => {
    const { worker, items } = await workers()
    await worker('one').claim(change())
    expect(await worker('two').complete(change(), AT)).toBe('lost')
    await worker('two').release(change())
    expect(await items()).toMatchObject([{ owner: 'one', status: 'claimed' }])
  })

  it('is neither where there is none at all', async () => {
    const { worker, items } = await workers()
    expect(await worker('one').complete(change(), AT)).toBe('lost')
    await worker('one').release(change())
    expect(await items()).toEqual([])
  })

  it('is taken over a moment after its lease, and not sooner', async () => {
    const { worker, clock } = await workers()
    await worker('one').claim(change())
    clock.time = AT + LEASE
    expect(await worker('two').claim(change())).toEqual({ kind: 'busy', leaseUntil: AT + LEASE })
    clock.time += 1
    expect(await worker('two').claim(change())).toEqual({ kind: 'claimed' })
  })
})

describe('what a delivery tells of a change that a sweep had found', () => {
  const found: Recorded = { ...change({ origin: 'sweep', actor: null, atEarliest: AT - 9_000 }), publishedAt: AT + 5 }
  const told = change({ id: 'd'.repeat(64), at: AT - 4_000, atEarliest: AT - 4_000, receivedAt: AT + 99 })

  it('completes it, which keeps its id, its place and its times of arrival', async () => {
    const { worker, done, items, clock } = await workers()
    await done(found, found.publishedAt)
    clock.time += 5_000
    await worker('one').amend(found, told)
    const { order: _order, ...facts } = told
    expect(await items()).toEqual([
      {
        ...{ ...facts, ...keyOf(found), ...dayKeys(found.id, found.publishedAt) },
        ...{ id: found.id, publishedAt: AT + 5, receivedAt: found.receivedAt, toldBy: told.id, status: 'done' },
        ...{ schemaVersion: 1, expiresAt: (AT + 5_000) / 1000 + KEEP_SECONDS },
      },
    ])
  })

  it('is told once: a later delivery changes nothing', async () => {
    const { worker, done, items } = await workers()
    await done(found, found.publishedAt)
    await worker('one').amend(found, told)
    const before = await items()
    await worker('two').amend(found, { ...told, id: 'e'.repeat(64) })
    expect(await items()).toEqual(before)
  })

  it('changes nothing of what a delivery had told, or of what is not done', async () => {
    const { worker, done, items } = await workers()
    await done(change(), AT)
    const before = await items()
    await worker('one').amend({ ...change(), publishedAt: AT }, told)
    expect(await items()).toEqual(before)
    const other = change({ id: 'a'.repeat(64), origin: 'sweep' })
    await worker('one').claim(other)
    await worker('one').amend({ ...other, publishedAt: AT }, told)
    expect(await items()).toHaveLength(2)
    expect((await items()).map(({ status }) => status)).toContain('claimed')
  })
})

/** What DynamoDB is asked while `act` goes on; with `fails`, one kind of command fails before it is sent. */
async function asked(act: () => Promise<unknown>, fails?: string) {
  const commands: { command: string | undefined; input: unknown }[] = []
  const name = 'watch'
  embedded.dynamo.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        commands.push({ command: commandName, input: args.input })
        if (commandName === fails) throw new Error('throttled')
        return next(args)
      },
    { step: 'initialize', name },
  )
  try {
    await act()
  } finally {
    embedded.dynamo.middlewareStack.remove(name)
  }
  return commands
}

describe('what a claim asks of the table', () => {
  it('is one write where nobody was there before', async () => {
    const { worker } = await workers()
    const commands = await asked(() => worker('one').claim(change()))
    expect(commands.map(({ command }) => command)).toEqual(['PutItemCommand'])
  })

  it('is a look at what stands there now, where the write was refused: no older answer will do', async () => {
    const { worker } = await workers()
    await worker('one').claim(change())
    const commands = await asked(async () => {
      expect(await worker('two').claim(change())).toEqual({ kind: 'busy', leaseUntil: AT + LEASE })
    })
    expect(commands).toMatchObject([
      { command: 'PutItemCommand' },
      { command: 'GetItemCommand', input: { ConsistentRead: true } },
    ])
  })

  it('is nothing else where the write has failed: whether it was done is not known', async () => {
    const { worker } = await workers()
    const claim = asked(() => worker('one').claim(change()), 'PutItemCommand')
    await expect(claim).rejects.toThrow('throttled')
  })

  it('is for a large batch one look at half the price, as the claims find what it misses', async () => {
    const { worker } = await workers()
    const commands = await asked(() => worker('one').doneAmong([change()]))
    expect(commands).toMatchObject([{ command: 'BatchGetItemCommand' }])
    expect(JSON.stringify(commands)).not.toContain('"ConsistentRead":true')
  })

  it('finds no item that it cannot read, and does not take it for somebody’s', async () => {
    const { worker, table } = await workers()
    await embedded.dynamo.send(new PutCommand({ TableName: table, Item: { ...keyOf(change()), status: 'odd' } }))
    await expect(worker('one').claim(change())).rejects.toThrow()
  })
})

describe('a table that cannot be written', () => {
  it('is a failure, and never taken for somebody else’s claim', async () => {
    const { worker } = await workers()
    const lost = worker('one', 'no such table')
    const found: Recorded = { ...change({ origin: 'sweep' }), publishedAt: AT }
    await expect(lost.claim(change())).rejects.toThrow()
    await expect(lost.complete(change(), AT)).rejects.toThrow()
    await expect(lost.release(change())).rejects.toThrow()
    await expect(lost.amend(found, change())).rejects.toThrow()
  })
})

describe('the history since a time', () => {
  it('is what is done, and how many others are at work on', async () => {
    const { worker, done } = await workers()
    await done(change())
    await done(change({ id: 'a'.repeat(64), at: AT - 10, order: String(AT - 10) }))
    await worker('one').claim(change({ id: 'b'.repeat(64) }))
    const { changes, claimed } = await worker('one').doneSince(change().resource, 'main', AT - 9)
    expect({ ids: changes.map(({ id }) => id), claimed }).toEqual({ ids: [change().id], claimed: 1 })
  })

  it('does not count whose worker has died', async () => {
    const { worker, clock } = await workers()
    await worker('one').claim(change())
    clock.time = AT + LEASE
    expect((await worker('two').doneSince(change().resource, 'main', 0)).claimed).toBe(1)
    clock.time += 1
    expect((await worker('two').doneSince(change().resource, 'main', 0)).claimed).toBe(0)
  })
})
