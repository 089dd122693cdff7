import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AskModel } from '../../../core/standup/model/model.ts'
import { tellSummary } from '../../../core/standup/tell.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { HOUR } from '../../sync/support.ts'
import { setUpTelling } from './world.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

describe('a summary', () => {
  it('tells what happened as a comment, in a field and on the bus, and asks ClickUp nothing but the writes', async () => {
    const { services, due, comments, digest, notices, calls, board, list, idOf } = await setUpTelling(embedded)
    const told = await tellSummary('platform', due, services())
    expect(told).toMatchObject({
      ...{ kind: 'told', summaryId: idOf('platform') },
      outputs: { comment: { stage: 'done' }, field: { stage: 'done' }, event: { stage: 'done' } },
      summary: { by: { kind: 'template', why: 'notConfigured' } },
    })
    expect(comments()).toEqual([expect.stringMatching(/Maria[^\n]*Repair the bridge[\s\S]*#[0-9a-f]{10}$/)])
    expect(digest()).toContain('Repair the bridge')
    expect(notices).toMatchObject([{ detailType: 'Summary Created', detail: { summaryId: idOf('platform') } }])
    expect(calls).toEqual([
      `POST /v2/task/${board.id}/comment`,
      `GET /v2/list/${list.id}/field`,
      expect.stringContaining(`POST /v2/task/${board.id}/field/`),
    ])
  })

  it('is told once, however often and whenever its job comes', async () => {
    const { services, due, comments, calls, pass } = await setUpTelling(embedded)
    await tellSummary('platform', due, services())
    const before = calls.length
    pass(10 * HOUR)
    expect(await tellSummary('platform', due, services())).toMatchObject({ kind: 'already', record: { tries: 1 } })
    expect([comments().length, calls.length]).toEqual([1, before])
  })

  it('is told once by many workers at once', async () => {
    const { services, due, comments, notices } = await setUpTelling(embedded)
    const told = await Promise.all(Array.from({ length: 5 }, () => tellSummary('platform', due, services())))
    expect(told.map(({ kind }) => kind).sort()).toEqual(['again', 'again', 'again', 'again', 'told'])
    expect([comments().length, notices.length]).toEqual([1, 1])
  })

  it('keeps what was said, and asks no model twice for it', async () => {
    const { services, due, digest, pass, comments } = await setUpTelling(embedded)
    let asked = 0
    const ask: AskModel = async () => {
      asked += 1
      return { kind: 'nothing', why: 'timeout', reason: 'x', tokens: { input: 5, output: 0 }, costUsd: 0.01 }
    }
    const down = async () => {
      throw new TypeError('fetch failed')
    }
    const again = { kind: 'again', inSeconds: 60 }
    expect(await tellSummary('platform', due, services({ ask, fetch: down }))).toMatchObject(again)
    // Whoever comes when it was asked to need not wait for the end of a lease that nobody needs.
    pass(60_000)
    expect(await tellSummary('platform', due, services({ ask }))).toMatchObject({
      ...{ kind: 'told', summary: { by: { why: 'timeout' }, costUsd: 0.01 } },
    })
    expect(asked).toBe(1)
    // Names are looked up when it is told.
    expect(comments()[0]).toContain('Repair the bridge')
    expect(digest()).toContain('Maria')
  })

  it('that was kept holds no name of a person', async () => {
    const { services, due, tables, maria } = await setUpTelling(embedded)
    await tellSummary('platform', due, services())
    const told = (await embedded.all(tables.state)).find(({ pk }) => String(pk).includes('#told#'))
    expect(JSON.stringify(told)).toContain(`{person:${maria.id}}`)
    expect(JSON.stringify(told)).not.toContain('Maria')
  })

  it('that was due more than a day ago is not told any more', async () => {
    const { services, due, pass, comments } = await setUpTelling(embedded)
    pass(24 * HOUR + 1)
    expect(await tellSummary('platform', due, services())).toEqual({ kind: 'late' })
    expect(comments()).toEqual([])
  })

  it('that the config does not have any more is none', async () => {
    const { services, due } = await setUpTelling(embedded)
    expect(await tellSummary('former', due, services())).toEqual({ kind: 'unknownName' })
  })
})
