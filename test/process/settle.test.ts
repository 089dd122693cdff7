import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownChange } from '../../core/clickup/changes.ts'
import { delaySeconds } from '../../core/process/defer.ts'
import { settle } from '../../core/process/settle.ts'
import { gather, type Outcome } from '../../core/process/work.ts'
import { CONNECTION, consumer } from '../support/consumer.ts'
import { startDynamo } from '../support/dynamo.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** Settles one message that told of a change for each of these outcomes. */
async function settled(outcomes: (Outcome | null)[]) {
  const worker = consumer({
    ...{ dynamo: embedded.dynamo, tables: await embedded.tables(), now: T },
    fetch: () => Promise.reject(new Error('nothing is asked here')),
  })
  const resource = { kind: 'task', id: 'abc' }
  const works = outcomes.flatMap((outcome, i) => {
    const of = { field: 'status', origin: String(i), version: 0, at: T, receivedAt: T }
    const change = ownChange({ connection: CONNECTION, resource, ...of })
    return gather([{ change, message: 0, looked: false }]).map((work) => ({ ...work, outcome }))
  })
  const [disposition] = await settle([worker.message('{}')], { works, own: new Map() }, worker.services())
  return { ...worker, disposition }
}

const busy: Outcome = { kind: 'deferred', reason: 'busy', until: T + 800 }
const limited: Outcome = { kind: 'deferred', reason: 'rateLimited', until: T + 30_000 }
const invalid: Outcome = { kind: 'permanent', class: 'invalid', reason: 'no' }

describe('a message', () => {
  it('is done with when all that it told is published, or was before', async () => {
    const { disposition, sentAgain, quarantined } = await settled([{ kind: 'published' }, { kind: 'duplicate' }])
    expect([disposition, sentAgain, quarantined]).toEqual(['done', [], []])
  })

  it.each([
    ['failed', { kind: 'failed', reason: 'cut' } as const],
    ['has no outcome', null],
  ])('stays when one change %s, whatever became of the others', async (_, outcome) => {
    const { disposition, sentAgain, quarantined } = await settled([{ kind: 'published' }, limited, invalid, outcome])
    expect([disposition, sentAgain, quarantined]).toEqual(['retry', [], []])
  })

  it('that was put off for several reasons waits for the last of them, so that nobody is asked too early', async () => {
    const { sentAgain } = await settled([limited, busy])
    expect(sentAgain).toMatchObject([{ delaySeconds: 30, message: { attempts: 1 } }])
  })

  it('that waits for a token which is refused says so, because nobody calls who would', async () => {
    const refused: Outcome = { kind: 'deferred', reason: 'tokenDead', until: T + 30_000 }
    expect((await settled([refused, limited])).counts).toMatchObject({ TokenDead: 1 })
    expect((await settled([limited])).counts).not.toHaveProperty('TokenDead')
  })

  it('that waits for another worker alone has made no attempt', async () => {
    const { sentAgain } = await settled([busy])
    expect(sentAgain).toMatchObject([{ delaySeconds: 1, message: { attempts: 0 } }])
  })

  it('is not set aside while a part of it is only put off', async () => {
    const { disposition, sentAgain, quarantined } = await settled([invalid, limited])
    expect([disposition, sentAgain.length, quarantined.length]).toEqual(['done', 1, 0])
  })
})

describe('a delay', () => {
  it.each([
    [T - 1, 0, 0],
    [T + 1, 0, 1],
    [T + 10_000, 0, 10],
    [T + 10_000, 1, 12],
    [T + 86_400_000, 1, 900],
  ])('until %i is whole seconds, with jitter, and never more than a queue takes', (until, random, seconds) => {
    expect(delaySeconds(until, T, () => random)).toBe(seconds)
  })
})
