import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tell } from '../../core/clickup/changes.ts'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { CONNECTION } from '../support/connection.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'

const AT = 1_789_000_000_000
const LEASE = 90_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

function change(historyId: string): Change {
  const body = JSON.stringify(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status(historyId, AT)]))
  const told = tell(body, { connection: CONNECTION, receivedAt: AT, slim: false })
  if (told.kind !== 'changes' || told.changes[0] === undefined) throw new Error('no change')
  return told.changes[0]
}

async function workers(count: number) {
  const { ledger: table } = await embedded.tables()
  const clock = { time: AT, now: () => clock.time }
  const ledgers = Array.from({ length: count }, (_, i) =>
    createLedger({ dynamo: embedded.dynamo, table, clock, owner: `worker ${i}`, leaseMs: LEASE, keepDays: 400 }),
  )
  return { clock, table, ledgers, first: ledgers[0] ?? raise(), second: ledgers[1] ?? raise() }
}
const raise = (): never => {
  throw new Error('no worker')
}

describe('a claim', () => {
  it('is won by exactly one of many', async () => {
    const { ledgers } = await workers(20)
    const claims = await Promise.all(ledgers.map((ledger) => ledger.claim(change('1'))))
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ kind }) => kind === 'busy')).toHaveLength(19)
  })

  it('is busy until the lease ends, then taken over, and its first owner can no longer complete', async () => {
    const { clock, first, second } = await workers(2)
    await first.claim(change('1'))
    clock.time += LEASE
    expect(await second.claim(change('1'))).toEqual({ kind: 'busy', leaseUntil: AT + LEASE })
    clock.time += 1
    expect(await second.claim(change('1'))).toEqual({ kind: 'claimed' })
    expect(await first.complete(change('1'), AT)).toBe('lost')
    expect(await second.complete(change('1'), AT)).toBe('completed')
  })

  it('on what is done is a duplicate, for ever', async () => {
    const { clock, first, second } = await workers(2)
    await first.claim(change('1'))
    await first.complete(change('1'), AT + 5)
    expect(await second.claim(change('1'))).toEqual({ kind: 'duplicate' })
    clock.time += 399 * 86_400_000
    expect(await second.claim(change('1'))).toEqual({ kind: 'duplicate' })
  })

  it('stays ours when the SDK repeats it because an answer was lost', async () => {
    const { first, second } = await workers(2)
    await first.claim(change('1'))
    expect(await first.claim(change('1'))).toEqual({ kind: 'claimed' })
    expect((await second.claim(change('1'))).kind).toBe('busy')
    await first.complete(change('1'), AT)
    expect(await first.claim(change('1'))).toEqual({ kind: 'duplicate' })
  })

  it('that is given back is free at once, and only its owner can give it back', async () => {
    const { first, second } = await workers(2)
    await first.claim(change('1'))
    await second.release(change('1'))
    expect((await second.claim(change('1'))).kind).toBe('busy')
    await first.release(change('1'))
    expect((await second.claim(change('1'))).kind).toBe('claimed')
  })

  it('that is given back while another worker asks who has it is busy: it must not pass for done', async () => {
    const { first, second } = await workers(2)
    await first.claim(change('1'))
    const name = 'give back in between'
    embedded.dynamo.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'GetItemCommand') await first.release(change('1'))
        return next(args)
      },
      { step: 'initialize', name },
    )
    expect(await second.claim(change('1'))).toEqual({ kind: 'busy', leaseUntil: AT })
    embedded.dynamo.middlewareStack.remove(name)
    expect(await second.claim(change('1'))).toEqual({ kind: 'claimed' })
  })

  it('does not give back what is done', async () => {
    const { first, table } = await workers(2)
    await first.claim(change('1'))
    await first.complete(change('1'), AT)
    await first.release(change('1'))
    expect(await embedded.all(table)).toHaveLength(1)
  })

  it('is thin and in no index; the completed change is whole, in the day index, and expires', async () => {
    const { first, table } = await workers(2)
    await first.claim(change('1'))
    const [claim] = await embedded.all(table)
    expect(Object.keys(claim ?? {}).sort()).toEqual([
      'expiresAt',
      'leaseUntil',
      'owner',
      'pk',
      'schemaVersion',
      'sk',
      'status',
    ])
    await first.complete(change('1'), AT + 7)
    const [done] = await embedded.all(table)
    expect(done).toMatchObject({
      pk: 'main#task#abc',
      sk: `${AT}#${change('1').id}`,
      status: 'done',
      field: 'status',
      publishedAt: AT + 7,
      expiresAt: AT / 1000 + 400 * 86_400,
    })
    expect(String(done?.['day'])).toMatch(/^2026-09-10#[0-3]$/)
    expect(done).not.toHaveProperty('owner')
  })

  it('stands in the index under the day of its publication, however late that is', async () => {
    const { first, table } = await workers(2)
    await first.claim(change('1'))
    await first.complete(change('1'), AT + 3 * 86_400_000)
    const [done] = await embedded.all(table)
    expect(String(done?.['day'])).toMatch(/^2026-09-13#[0-3]$/)
  })
})
