import { describe, expect, it } from 'vitest'
import { parseTimesInStatus, timeInStatus } from '../../core/clickup/time-in-status.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { manualClock, NOON, startSmall } from '../local-clickup/support.ts'
import { clientOf } from '../support/clickup-client.ts'
import { answer } from '../support/upstream.ts'

const MINUTE = 60_000

describe('time in status', () => {
  it('is what ClickUp tells, for many tasks in one call', async () => {
    const clock = manualClock()
    const { fake, world, actor, list } = await startSmall({ clock })
    const ids = [1, 2].map((n) => world.createTask(actor, { listId: list.id, name: `Task ${n}` }).id)
    const [first = '', second = ''] = ids
    const [, doing] = world.statusesOf(list)
    clock.advance(10 * MINUTE)
    world.setStatus(actor, first, doing?.status ?? '')
    clock.advance(5 * MINUTE + 30_000)
    const times = await timeInStatus(clientOf(fake.url, fake.tokens.service), ids)
    if (times.kind !== 'ok') throw new Error(times.kind)
    const [one, two] = parseTimesInStatus(times.value.answers, 7)
    expect(one).toMatchObject({
      taskId: first,
      asOf: 7,
      current: { status: doing?.status, minutes: 5, since: NOON + 10 * MINUTE },
      history: [
        { minutes: 10, type: 'open', since: NOON, orderindex: 0 },
        { status: doing?.status, minutes: 5 },
      ],
    })
    expect(two).toMatchObject({ taskId: second, current: { minutes: 15 } })
  })

  it('of what cannot be read is left out, and the rest stands', () => {
    const good = { current_status: { status: 'open', total_time: { by_minute: '3', since: 'now' } } }
    const times = parseTimesInStatus(
      {
        a: good,
        b: { current_status: null },
        c: 'no',
        d: { ...good, status_history: [{ status: 'open', total_time: {} }, null, { total_time: 3 }] },
      },
      1,
    )
    expect(times).toEqual([
      { taskId: 'a', asOf: 1, current: { status: 'open', since: null, minutes: 3 }, history: [] },
      {
        taskId: 'd',
        asOf: 1,
        current: { status: 'open', since: null, minutes: 3 },
        history: [{ status: 'open', type: null, minutes: 0, since: null, orderindex: null }],
      },
    ])
  })

  /** A ClickUp that refuses every question in which one of these tasks is. */
  function refusing(hidden: (id: string) => boolean) {
    const asked: string[][] = []
    const fetch: Fetch = async (url) => {
      const ids = new URL(url).searchParams.getAll('task_ids')
      asked.push(ids)
      if (ids.some(hidden)) return answer(401, { err: 'Team not authorized', ECODE: 'OAUTH_027' })
      return answer(200, Object.fromEntries(ids.map((id) => [id, { current_status: {} }])))
    }
    return { asked, clickup: clientOf('http://clickup.test/api', 'a-token', { fetch }) }
  }
  const hundred = Array.from({ length: 100 }, (_, i) => `t${i}`)

  it('is absent where every task is refused, which a few questions tell', async () => {
    const { clickup, asked } = refusing(() => true)
    expect(await timeInStatus(clickup, hundred)).toEqual({ kind: 'absent' })
    expect(asked).toHaveLength(4)
    expect(await timeInStatus(clickup, ['t1'])).toEqual({ kind: 'absent' })
  })

  it.each([['t0'], ['t57']])('of a hundred is told though one of them, %s, spoils it', async (spoilt) => {
    const { clickup, asked } = refusing((id) => id === spoilt)
    const times = await timeInStatus(clickup, hundred)
    expect(times).toMatchObject({ kind: 'ok', value: { refused: [spoilt] } })
    expect(times.kind === 'ok' && Object.keys(times.value.answers)).toHaveLength(99)
    expect(asked.length).toBeLessThan(25)
  })

  it('is a fault while ClickUp is down, and nothing without a question', async () => {
    const down = clientOf('http://clickup.test/api', 'a-token', { fetch: async () => answer(503, {}) })
    expect(await timeInStatus(down, ['a'])).toMatchObject({ kind: 'unavailable' })
    expect(await timeInStatus(down, [])).toMatchObject({ kind: 'ok', value: { answers: {} } })
    await expect(timeInStatus(down, [...hundred, 'x'])).rejects.toThrow('100 at most')
  })
})
