import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ClickUpCall } from '../../core/clickup/client.ts'
import { createLogger } from '../../core/platform/log.ts'
import type { Metrics } from '../../core/platform/metrics.ts'
import { countCall, logCall } from '../../functions/shared/calls.ts'
import { linesOf } from '../platform/output.ts'

const CALL: ClickUpCall = {
  ...{ method: 'GET', path: '/v2/task/{task_id}', lane: 'live', outcome: 'ok', status: 200, code: null, ms: 120 },
  ...{ remaining: 7, limit: 100, ignoredHeaders: 0, probe: false },
}

function counted(over: Partial<ClickUpCall>, inUse = true) {
  const seen: Record<string, number> = {}
  const add = (name: string, value = 1) => {
    seen[name] = (seen[name] ?? 0) + value
  }
  const metrics: Metrics = { count: add, milliseconds: add, percent: add, flush: () => undefined }
  countCall({ ...CALL, remaining: null, limit: null, ...over }, { inUse }, metrics)
  return seen
}

describe('a call counts', () => {
  const every = { ApiCalls: 1, ApiMs: 120 }
  it.each<[string, Partial<ClickUpCall>, Record<string, number>]>([
    ['as one that took so long', {}, {}],
    ['with what is left of the budget', { remaining: 7, limit: 100 }, { BudgetRemainingPercent: 7 }],
    ['as nothing else when what was asked for is gone', { outcome: 'gone', status: 404 }, {}],
    ['as a fault of the server', { outcome: 'unavailable', status: 503 }, { ApiErrors: 1, ApiServerErrors: 1 }],
    ['as an error when no answer came', { outcome: 'unavailable', status: null }, { ApiErrors: 1 }],
    ['as an error when half an answer came', { outcome: 'unavailable', status: 200 }, { ApiErrors: 1 }],
    ['as no fault of the server when a refusal came as a 500', { outcome: 'invalid', status: 500 }, { ApiErrors: 1 }],
    ['as one without access', { outcome: 'noAccess', status: 401 }, { ApiNoAccess: 1 }],
    ['as one too many', { outcome: 'rateLimited', status: 429 }, { RateLimited: 1 }],
    ['as a token that is refused', { outcome: 'tokenDead', status: 401 }, { TokenDead: 1 }],
  ])('%s', (_, call, more) => expect(counted(call)).toEqual({ ...every, ...more }))

  it('nothing against the token in use when another was on trial', () =>
    expect(counted({ outcome: 'tokenDead', status: 401 }, false)).toEqual(every))
})

describe('the line of a call', () => {
  const log = createLogger('consumer')
  const line = async (over: Partial<ClickUpCall>) => {
    const [written = '', ...others] = await linesOf(() => logCall({ ...CALL, ...over }, 'main', log))
    expect(others).toEqual([])
    const { timestamp: _at, sampling_rate: _rate, ...fields } = z.looseObject({}).parse(JSON.parse(written))
    return fields
  }
  const fields = { connection: 'main', lane: 'live', method: 'GET', path: '/v2/task/{task_id}', ms: 120 }
  const head = { message: 'call', service: 'consumer' }

  it('says what was asked, what came, how long it took and what is left', async () => {
    const rest = { status: 200, outcome: 'ok', remaining: 7, limit: 100 }
    expect(await line({})).toEqual({ level: 'INFO', ...head, ...fields, ...rest })
  })

  it('is a warning with the code when it was refused', async () => {
    const rest = { status: 401, outcome: 'tokenDead', code: 'OAUTH_025', remaining: 7, limit: 100, probe: true }
    const refused = await line({ outcome: 'tokenDead', status: 401, code: 'OAUTH_025', probe: true })
    expect(refused).toEqual({ level: 'WARN', ...head, ...fields, ...rest })
  })

  it('has no status when no answer came', async () => {
    const nothing = await line({ outcome: 'unavailable', status: null, remaining: null, limit: null })
    expect(nothing).toEqual({ level: 'WARN', ...head, ...fields, outcome: 'unavailable' })
  })

  it('is no warning when what was asked for is gone, and one when headers were absurd', async () => {
    expect(await line({ outcome: 'gone', status: 404, code: 'ITEM_013' })).toMatchObject({ level: 'INFO' })
    expect(await line({ ignoredHeaders: 2 })).toMatchObject({ level: 'WARN', ignoredHeaders: 2 })
  })

  it('is short, as there is one for every call', async () => {
    const [written = ''] = await linesOf(() =>
      logCall({ ...CALL, path: '/v2/team/{team_id}/time_entries/{timer_id}' }, 'main', log),
    )
    expect(written.length).toBeLessThan(400)
  })
})
