import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLICKUP } from '../../core/clickup/provider.ts'
import type { Breaker } from '../../core/upstream/breaker.ts'
import type { Refusal } from '../../core/upstream/refusal.ts'
import { loadUpstream } from '../../core/upstream/status.ts'
import { upstreamKey } from '../../core/upstream/store.ts'
import { openWindow, type Window } from '../../core/upstream/window.ts'
import { startDynamo } from '../support/dynamo.ts'

const START = 1_789_000_000_000
const MINUTE = 60_000
const [spec] = CLICKUP.windows
if (spec === undefined) throw new Error('ClickUp has a window')
const running: Window = {
  ...openWindow(null, spec, { override: null, known: null }, START),
  ...{ state: 'told', told: 100, limit: 100, leased: 30, carried: 5, carriedUntil: START + 10_000 },
  ...{ earliest: START + MINUTE - 2_000, latest: START + MINUTE },
}

let embedded: Awaited<ReturnType<typeof startDynamo>>
let table: string
beforeAll(async () => {
  embedded = await startDynamo()
  table = (await embedded.tables()).state
})
afterAll(() => embedded.close())

async function shown(state: { window?: Partial<Window>; breaker?: Breaker; refusal?: Refusal }, at: number) {
  const { window, ...health } = state
  const windows = window === undefined ? {} : { 'window:minute': { ...running, ...window } }
  const Item = { ...upstreamKey('acme'), schemaVersion: 1, ...windows, ...health }
  await embedded.dynamo.send(new PutCommand({ TableName: table, Item }))
  return loadUpstream({ dynamo: embedded.dynamo, table }, 'acme', at)
}

describe('what an operator is shown of the budget', () => {
  const shownWindow = async (window: Partial<Window>, at: number) => (await shown({ window }, at)).budget[0]

  it('is nothing while nothing was asked', async () => {
    expect(await loadUpstream({ dynamo: embedded.dynamo, table }, 'nobody', START)).toEqual({
      ...{ budget: [], breaker: { state: 'closed' }, token: { state: 'accepted' } },
    })
  })

  it('are the calls given out in the window that runs, those of the last one that count here among them', async () => {
    const whole = { window: 'minute', limit: 100, told: 100, learned: null, begunAt: START, endsAt: START + MINUTE }
    expect(await shownWindow({}, START + 9_999)).toEqual({ ...whole, leased: 35, left: 65, refusedUntil: null })
    expect(await shownWindow({}, START + 10_000)).toEqual({ ...whole, leased: 30, left: 70, refusedUntil: null })
  })

  it('are none when the window is over, and never less than nothing', async () => {
    expect(await shownWindow({ leased: 130 }, START + MINUTE - 1)).toMatchObject({ leased: 130, left: 0 })
    expect(await shownWindow({ leased: 130 }, START + MINUTE)).toMatchObject({ leased: 0, left: 100 })
  })

  it('says until when every call is refused, and that there is none till then', async () => {
    const refused = { leased: 10, refusedUntil: START + 2 * MINUTE }
    const end = { endsAt: START + 2 * MINUTE }
    expect(await shownWindow(refused, START + 2 * MINUTE - 1)).toMatchObject({
      ...end,
      left: 0,
      refusedUntil: START + 2 * MINUTE,
    })
    expect(await shownWindow(refused, START + 2 * MINUTE)).toMatchObject({ ...end, left: 100, refusedUntil: null })
  })

  it('says what was learnt of the limit as long as it is believed', async () => {
    const learned = { limit: 60, until: START + 20_000 }
    expect(await shownWindow({ learned }, START + 19_999)).toMatchObject({ learned })
    expect(await shownWindow({ learned }, START + 20_000)).toMatchObject({ learned: null })
  })
})

describe('what an operator is shown of health', () => {
  const failing = { failures: 4, firstAt: START, probes: 0, probeAt: null }

  it('is a breaker that is open from its first failure, with the next probe', async () => {
    expect(await shown({ breaker: failing }, START)).toMatchObject({ breaker: { state: 'closed' } })
    const open = { ...failing, failures: 5, probeAt: START + 15_000 }
    expect((await shown({ breaker: open }, START)).breaker).toEqual({
      ...{ state: 'open', since: START, nextProbeAt: START + 15_000 },
    })
  })

  it('is a token that is refused since when, as what, and tried again when', async () => {
    const tryAt = START + MINUTE
    const refusal = { versions: ['1'], code: 'OAUTH_025', since: START, tries: 0, tryAt, trial: null }
    expect((await shown({ refusal }, START)).token).toEqual({
      ...{ state: 'refused', since: START, code: 'OAUTH_025', nextTryAt: START + MINUTE },
    })
  })
})
