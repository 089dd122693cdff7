import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLedger } from '../../core/ledger/ledger.ts'
import { beginPause } from '../../core/pause/change.ts'
import { detailTypeOf } from '../../core/publish/detail-types.ts'
import type { ChangeEvent } from '../../core/publish/event.ts'
import { buildStandup } from '../../functions/standup/services.ts'
import { startModelServer } from '../../local/model/server.ts'
import { hop } from '../standup/recipes/support.ts'
import { message, type Parts, setUpFunction, startParts } from './standup-support.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

const NONE = { batchItemFailures: [] }
const recipe = (over: object = {}) => ({
  ...{ name: 'note', connection: 'main', lists: [], spaces: [], prompt: 'task/v1' },
  ...{ on: { kind: 'status', status: 'In Progress' }, act: { kind: 'comment' } },
  ...over,
})

/** A change as EventBridge hands it to a queue. */
const onTheBus = (event: ChangeEvent) => ({
  ...{ version: '0', id: 'e', source: 'hookline', 'detail-type': detailTypeOf(event), detail: event },
})

describe('a summary', () => {
  it('is told once for each time that it is due, with one line that says what came of it', async () => {
    using its = await setUpFunction(parts)
    expect(await its.handle(its.summaryJob())).toEqual(NONE)
    expect(await its.handle(its.summaryJob(), its.summaryJob())).toEqual(NONE)
    expect(its.comments()).toHaveLength(1)
    const told = its.lines.filter(({ message }) => message === 'summary')
    expect(told.map(({ fields }) => fields['outcome'])).toEqual(['told', 'already', 'already'])
    expect(told[0]?.fields).toMatchObject({
      ...{ name: 'platform', due: new Date(its.due).toISOString(), saidBy: 'template', why: 'notConfigured' },
      ...{ removed: 0, tokensIn: 0, costUsd: 0, outputs: 'comment, field, event' },
    })
    // What is told is in the comment and not in the log.
    expect(JSON.stringify(its.lines)).not.toContain('Repair the bridge')
  })

  it('is told by the model of the settings, asked with the key of the secret', async () => {
    await using server = await withModel()
    using its = await setUpFunction(parts, { ...server.given })
    expect(await its.handle(its.summaryJob())).toEqual(NONE)
    expect(server.requests().map(({ key }) => key !== null)).toEqual([true])
    const [line] = its.lines.filter(({ message }) => message === 'summary')
    expect(line?.fields).toMatchObject({ outcome: 'told', saidBy: 'model', model: 'tiny', prompt: 'standup/v1' })
    expect(its.counts.get('ModelTokens')).toBeGreaterThan(0)
    expect(its.counts.get('ModelFailuresInARow')).toBe(0)
    expect(JSON.stringify(its.lines)).not.toContain('a key')
  })

  it('that the config has no more is left out', async () => {
    using its = await setUpFunction(parts)
    expect(await its.handle(its.summaryJob('former'))).toEqual(NONE)
    expect(its.lines).toMatchObject([{ level: 'warn', message: 'summary', fields: { outcome: 'unknownName' } }])
  })
})

async function withModel() {
  const server = await startModelServer({ seed: 1 })
  const price = { input: 1, output: 1 }
  const model = { provider: 'openai-compatible', id: 'tiny', price, timeoutMs: 5_000, maxOutputTokens: 1_000 }
  return {
    ...server,
    given: { model, modelUrl: server.openaiUrl },
    [Symbol.asyncDispose]: server.close,
  }
}

describe('what has to wait', () => {
  it('is sent anew for later and not counted as failed', async () => {
    using its = await setUpFunction(parts)
    const began = its.clock.time
    its.fake.faults.outage = { from: began, until: began + HOUR, answer: 503 }
    expect(await its.handle(its.summaryJob())).toEqual(NONE)
    const [again] = its.sent
    expect(again).toMatchObject({ job: its.summaryJob(), attributes: { since: began } })
    const { notBefore = 0 } = again?.attributes ?? {}
    expect(notBefore).toBeGreaterThan(began)
    expect(again?.delay).toBe(Math.min(900, Math.ceil((notBefore - began) / 1_000)))
    expect(its.comments()).toEqual([])
    expect(its.lines.filter(({ message }) => message === 'A summary or a recipe was put off')).toHaveLength(1)

    its.clock.time = Math.max(notBefore, began + HOUR)
    await its.handle(message(again?.job, again?.attributes ?? {}))
    expect(its.comments()).toHaveLength(1)
  })

  it('is sent on unread when it comes too early, and remembers since when it waits', async () => {
    using its = await setUpFunction(parts)
    const now = its.clock.time
    const attributes = { notBefore: now + HOUR, since: now - HOUR }
    expect(await its.handle(message(its.summaryJob(), attributes))).toEqual(NONE)
    expect(its.sent).toEqual([{ job: its.summaryJob(), delay: 900, attributes }])
    expect(its.lines).toEqual([])
    expect(its.calls).toEqual([])
  })

  it('is made when all that was published before it is due can be read, and not at once', async () => {
    using its = await setUpFunction(parts, { settleMs: 30_000 })
    its.clock.time = its.due + 200
    expect(await its.handle(its.summaryJob())).toEqual(NONE)
    expect(its.comments()).toEqual([])
    const [put] = its.sent
    expect(put).toMatchObject({ job: its.summaryJob(), delay: 30, attributes: { notBefore: its.due + 30_000 } })
    expect(its.lines).toEqual([])
    its.clock.time = its.due + 30_000
    await its.handle(message(put?.job, put?.attributes ?? {}))
    expect(its.comments()).toHaveLength(1)
  })

  it('comes round ever more seldom where nothing changes: a change that never comes into the ledger holds its recipe back', async () => {
    using its = await setUpFunction(parts, { recipes: [recipe()] })
    const change = hop(its.begun.id, its.clock.time, 'to do', 'in progress')
    const ledger = { dynamo: its.state.dynamo, table: its.tables.ledger, clock: its.clock }
    await createLedger({ ...ledger, owner: 'a dead consumer', leaseMs: 1, keepDays: 400 }).claim(change)
    const job = { job: 'recipe', name: 'note', taskId: its.begun.id, occasion: change.id }
    for (const [waited, next] of [
      [0, 5_000],
      [HOUR, 6 * MINUTE],
      [10 * DAY, HOUR],
    ] as const) {
      its.sent.length = 0
      const since = its.clock.time - waited
      await its.handle(message(job, { notBefore: 0, since }))
      expect(its.sent.map(({ attributes }) => attributes)).toEqual([{ notBefore: its.clock.time + next, since }])
    }
  })

  it('is dropped after two weeks, with a line', async () => {
    using its = await setUpFunction(parts)
    const attributes = { notBefore: 0, since: its.clock.time - 14 * DAY - 1 }
    expect(await its.handle(message(its.summaryJob(), attributes))).toEqual(NONE)
    expect([its.sent, its.comments()]).toEqual([[], []])
    expect(its.lines).toMatchObject([{ level: 'error', message: expect.stringContaining('two weeks') }])
  })

  it('waits while Hookline is paused, without a call to anybody', async () => {
    using its = await setUpFunction(parts, { recipes: [recipe()] })
    await beginPause(its.state, { by: 'ada', reason: null, now: its.clock.time })
    const event = statusEvent(its)
    expect(await its.handle(its.summaryJob(), onTheBus(event))).toEqual(NONE)
    const later = { delay: 900, attributes: { notBefore: its.clock.time + 15 * MINUTE, since: its.clock.time } }
    expect(its.sent).toEqual([
      { job: its.summaryJob(), ...later },
      { job: { job: 'recipe', name: 'note', taskId: its.begun.id, occasion: event.changeId }, ...later },
    ])
    expect([its.calls, its.comments()]).toEqual([[], []])
  })
})

/** That somebody has begun the task; it came into the list before. */
function statusEvent({ published, begun }: Awaited<ReturnType<typeof setUpFunction>>): ChangeEvent {
  const found = published.findLast(({ resource, field }) => resource.id === begun.id && field === 'status')
  if (found === undefined) throw new Error('Nobody has begun the task')
  return found
}

describe('a change on the bus', () => {
  it('has its recipe done, once', async () => {
    using its = await setUpFunction(parts, { recipes: [recipe()] })
    const event = onTheBus(statusEvent(its))
    expect(await its.handle(event)).toEqual(NONE)
    expect(await its.handle(event)).toEqual(NONE)
    expect(its.comments()).toHaveLength(1)
    const outcomes = its.lines.filter(({ message }) => message === 'recipe').map(({ fields }) => fields['outcome'])
    expect(outcomes).toEqual(['done', 'already'])
    expect(its.sent).toEqual([])
  })

  it('waits with its recipe where live changes need what is left of the budget, and a summary does not', async () => {
    using its = await setUpFunction(parts, { to: [{}, {}], recipes: [recipe()] })
    expect(await its.handle(its.summaryJob())).toEqual(NONE)
    await its.spend('live', 75)
    expect(await its.handle(onTheBus(statusEvent(its)))).toEqual(NONE)
    expect(its.sent).toMatchObject([{ job: { job: 'recipe' }, attributes: { notBefore: expect.any(Number) } }])
    expect(its.comments()).toHaveLength(1)
    expect(await its.handle(its.summaryJob('platform-2'))).toEqual(NONE)
    expect(its.comments()).toHaveLength(2)
  })

  it('that several recipes wait for becomes a job for each', async () => {
    using its = await setUpFunction(parts, { recipes: [recipe(), recipe({ name: 'second' })] })
    const event = statusEvent(its)
    expect(await its.handle(onTheBus(event))).toEqual(NONE)
    const job = (name: string) => ({ job: 'recipe', name, taskId: its.begun.id, occasion: event.changeId })
    expect(its.sent.map((one) => one.job)).toEqual([job('note'), job('second')])
    expect(its.comments()).toEqual([])
  })

  it('that nobody waits for, or that we have made ourselves, is left alone', async () => {
    using its = await setUpFunction(parts, { recipes: [recipe({ on: { kind: 'status', status: 'archived' } })] })
    const event = statusEvent(its)
    const own = { ...event, actor: { id: its.record.userId, name: 'Service', isSelf: true } }
    expect(await its.handle(onTheBus(event), onTheBus(own))).toEqual(NONE)
    expect([its.sent, its.calls, its.lines]).toEqual([[], [], []])
  })
})

describe('a batch', () => {
  it('drops what is neither a job nor a change, and nothing beside it suffers', async () => {
    using its = await setUpFunction(parts)
    const nonsense = ['no JSON', '{}', { job: 'summary', name: 'platform', at: 'soon' }, { job: 'drop', name: 'all' }]
    const foreign = { source: 'aws.ec2', detail: {} }
    expect(await its.handle(...nonsense, foreign, its.summaryJob())).toEqual(NONE)
    expect(its.comments()).toHaveLength(1)
    const dropped = its.lines.filter(({ message }) => message.includes('neither a job nor a change'))
    expect(dropped).toHaveLength(5)
  })

  it('gives back what failed for a reason that nobody expects', async () => {
    using its = await setUpFunction(parts)
    rmSync(join(its.directory, 'prompts'), { recursive: true })
    expect(await its.handle('{}', its.summaryJob())).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] })
    const failed = its.lines.filter(({ message }) => message.includes('comes again'))
    expect(failed).toMatchObject([{ level: 'error', fields: { job: { name: 'platform' }, error: expect.any(Error) } }])
    expect(its.comments()).toEqual([])
  })
})

it('a round of a recipe puts a job for each task on the queue', async () => {
  const on = { kind: 'schedule', timeZone: 'UTC', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], at: '15:00' }
  using its = await setUpFunction(parts, { recipes: [recipe({ name: 'round', on })] })
  await its.handle({ job: 'round', name: 'round', at: new Date(its.due).toISOString() })
  expect(its.sent.map(({ job }) => job)).toContainEqual(expect.objectContaining({ job: 'recipe', name: 'round' }))
})

describe('the wiring', () => {
  it('says which variable is missing', () => {
    expect(() => buildStandup('/nowhere', {})).toThrow(/STANDUP_QUEUE_URL/)
  })
})
