import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readStatusPage } from '../../core/pulse/status-page.ts'
import { isIncident } from '../../core/status/clickup-page.ts'
import type { Faults } from '../../local/clickup/faults.ts'
import { type FakeClickUp, startFakeClickUp } from '../../local/clickup/server.ts'

const NOW = 1_789_000_000_000
const clock = { now: () => NOW }
const timeout = (ms: number) => AbortSignal.timeout(ms)

describe('the status page of ClickUp', () => {
  let clickup: FakeClickUp
  beforeAll(async () => {
    clickup = await startFakeClickUp({ seed: 1, demo: false })
  })
  afterAll(() => clickup.close())
  beforeEach(() => {
    clickup.faults.statusPage = 'operational'
  })

  const read = async (said: Faults['statusPage']) => {
    clickup.faults.statusPage = said
    return readStatusPage(clickup.statusUrl, { fetch, clock, timeout })
  }

  it.each([
    ['operational', { state: 'operational', says: 'Operational', incidents: [] }, false],
    ['maintenance', { state: 'maintenance', says: 'Planned Maintenance', incidents: [] }, false],
    ['degraded', { state: 'degraded', says: 'Degraded Performance', incidents: ['Webhooks are delayed'] }, true],
    ['disrupted', { state: 'disrupted', says: 'Service Disruption', incidents: ['Webhooks are delayed'] }, true],
  ] as const)('says %s', async (said, page, incident) => {
    const answer = await read(said)
    expect(answer).toEqual({ kind: 'read', page: { at: NOW, ...page } })
    expect(answer.kind === 'read' && isIncident(answer.page)).toBe(incident)
  })

  it('tells nothing where a proxy answers in its place', async () => {
    expect(await read('garbled')).toEqual({ kind: 'unreadable', reason: 'it is not in the form of Status.io' })
  })

  it('tells nothing where the connection drops', async () => {
    expect(await read('unreachable')).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/^\w+$/) })
  })

  it('is no call of the API and costs none of its budget', async () => {
    const before = clickup.log.entries().filter(({ kind }) => kind === 'call').length
    await read('operational')
    expect(clickup.log.entries().filter(({ kind }) => kind === 'call')).toHaveLength(before)
  })
})

describe('a page that was never seen', () => {
  const read = (body: unknown, status = 200) =>
    readStatusPage('http://status.test/', {
      fetch: async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
      clock,
      timeout,
    })
  const overall = { status_overall: { status: 'Fine', status_code: 100 } }

  it('is read as far as it can be', async () => {
    const news = { ...overall, incidents: [{ name: 'x'.repeat(500) }, {}, 7, null, 'a', 'b', 'c'], more: { deep: [1] } }
    const answer = await read({ result: news })
    const page = answer.kind === 'read' ? answer.page : null
    expect(page?.incidents).toEqual(['x'.repeat(120), ...Array.from({ length: 4 }, () => 'without a name')])
  })

  it.each([
    ['a code as text', { status_overall: { status: 'Fine', status_code: '300' } }, 'degraded'],
    ['a code that nobody knows', { status_overall: { status: 'Odd', status_code: 150 } }, 'unknown'],
    ['a security event', { status_overall: { status: 'Security', status_code: 600 } }, 'security'],
    ['no words', { status_overall: { status: 12, status_code: 100 }, incidents: 'none' }, 'operational'],
  ])('with %s', async (_, result, state) =>
    expect(await read({ result })).toMatchObject({ kind: 'read', page: { state, incidents: [] } }),
  )

  it.each([
    ['nothing', ''],
    ['a number', 7],
    ['no result', {}],
    ['a code that is none', { result: { status_overall: { status: 'Fine', status_code: 'many' } } }],
  ])('with %s cannot be read', async (_, body) => expect(await read(body)).toMatchObject({ kind: 'unreadable' }))

  it('of another status cannot be read', async () =>
    expect(await read({ result: overall }, 404)).toEqual({ kind: 'unreadable', reason: 'status 404' }))

  it('is waited for five seconds and no longer', async () => {
    const waits: number[] = []
    const given = (ms: number) => {
      waits.push(ms)
      return AbortSignal.abort()
    }
    const fetch = (_: string, { signal }: RequestInit) => Promise.reject(signal?.reason)
    const answer = await readStatusPage('http://status.test/', { fetch, clock, timeout: given })
    expect(answer).toEqual({ kind: 'unreadable', reason: 'timeout' })
    expect(waits).toEqual([5_000])
  })
})
