import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SummaryCreated, summaryCreatedSchema } from '../../../core/publish/index.ts'
import { summaryEvent } from '../../../core/standup/deliver/summary-event.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { OCCASION, SUMMARY, setUpDelivery } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const NAMES = { task: (id: string) => `Task ${id}`, person: () => 'Ann' }
const EVENT = summaryEvent(OCCASION, SUMMARY, NAMES)

describe('Summary Created', () => {
  it('tells what was kept, with the names of now, and keeps to its schema', async () => {
    const { run, notices, clock } = await setUpDelivery(embedded)
    expect(await run({ event: EVENT })).toMatchObject({
      delivered: { kind: 'delivered' },
      outputs: { event: { stage: 'done' } },
    })
    const [notice] = notices
    expect(summaryCreatedSchema.strict().parse(notice?.detail)).toEqual(notice?.detail)
    expect(notice).toMatchObject({
      detailType: 'Summary Created',
      detail: {
        ...{ connection: 'main', name: 'platform', kind: 'summary', on: '2026-03-16', taskId: null },
        publishedAt: clock.now(),
        statements: [{ section: 'done', text: expect.stringMatching(/Ann finished .*Task 86a/), changeIds: ['c1'] }],
        text: expect.stringContaining('Task 86a'),
        by: { kind: 'template', why: 'notConfigured', model: null },
      },
    })
  })

  it('comes again, under the same id, until the bus has it', async () => {
    const { run, notices } = await setUpDelivery(embedded)
    const refusing = async () => {
      throw new Error('the bus: ThrottlingException')
    }
    expect((await run({ event: EVENT }, { publishNotice: refusing })).delivered).toEqual({
      ...{ kind: 'again', inSeconds: 60 },
      reason: expect.stringContaining('bus'),
    })
    await run({ event: EVENT })
    expect(notices).toHaveLength(1)
    expect(notices[0]?.detail).toMatchObject({ summaryId: EVENT.summaryId })
  })

  it('holds back neither the comment nor the field, nor they it', async () => {
    const { run, notices, comments, task } = await setUpDelivery(embedded)
    const { outputs, delivered } = await run({
      comment: { taskId: 'nowhere', text: 'Hello' },
      field: { taskId: task.id, name: 'No such field', value: 'x' },
      event: EVENT,
    })
    expect(delivered).toEqual({ kind: 'delivered' })
    expect(outputs).toMatchObject({
      comment: { stage: 'failed' },
      field: { stage: 'failed' },
      event: { stage: 'done' },
    })
    expect([notices.length, comments().length]).toEqual([1, 0])
  })

  it('stays below what a target of the bus takes', async () => {
    const { run, notices } = await setUpDelivery(embedded)
    const [statement] = EVENT.statements
    if (statement === undefined) throw new Error('no statement')
    const large: Omit<SummaryCreated, 'publishedAt'> = {
      ...EVENT,
      statements: Array.from({ length: 3_000 }, () => ({ ...statement, text: 'x'.repeat(100) })),
    }
    await run({ event: large })
    const detail = summaryCreatedSchema.parse(notices[0]?.detail)
    expect(detail).toMatchObject({ statements: [], omitted: ['statements'], text: EVENT.text })
    const second = await setUpDelivery(embedded)
    await second.run({ event: { ...large, text: '€'.repeat(300_000) } })
    expect(Buffer.byteLength(JSON.stringify(second.notices[0]?.detail))).toBeLessThan(240 * 1024)
    expect(second.notices[0]?.detail).toMatchObject({ omitted: ['statements', 'text'] })
  })
})
