import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createRandom } from '../../local/clickup/random.ts'
import { createVirtualClickUp, type Delivery, type VirtualClickUpOptions } from '../../local/virtual/clickup.ts'
import { createEditor } from '../../local/virtual/edits.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'

const START = Date.UTC(2026, 0, 5, 9)

function storm(options: Partial<VirtualClickUpOptions> = {}) {
  const time = createVirtualTime(START)
  const deliveries: (Delivery & { at: number })[] = []
  const clickup = createVirtualClickUp({
    ...{ time, seed: 5, tasks: 50, faults: {} },
    deliver: (delivery) => {
      deliveries.push({ ...delivery, at: time.now() - START })
      return 200
    },
    ...options,
  })
  const ask = (path: string, init: RequestInit = {}) =>
    clickup.fetch(`${clickup.url}/v2${path}`, { headers: { authorization: clickup.tokens.service }, ...init })
  return { time, clickup, deliveries, ask }
}

const named = z.looseObject({ id: z.string(), name: z.string() })

describe('the fake ClickUp in virtual time', () => {
  it('answers after its latency, and tells the call as it saw it', async () => {
    const { time, clickup, ask } = storm({ faults: { latencyMs: { min: 250, max: 250 } } })
    const [id = ''] = clickup.taskIds
    let answered: unknown
    let at = 0
    void ask(`/task/${id}`)
      .then((response) => response.json())
      .then((body) => {
        answered = body
        at = time.now()
      })
    await time.run()
    expect(named.parse(answered)).toMatchObject({ id, name: clickup.world.task(id)?.name })
    expect(at).toBe(START + 250)
    expect(clickup.calls).toEqual([
      {
        ...{ by: 'somebody', method: 'GET', path: `/v2/task/${id}`, kind: 'task', status: 200, ecode: null },
        ...{ begunAt: START, endedAt: START + 250, window: START },
      },
    ])
  })

  it('is gone for whoever does not wait, and the call counts all the same', async () => {
    const { time, clickup, ask } = storm({ faults: { latencyMs: { min: 8_000, max: 8_000 } } })
    let error: unknown
    void ask(`/task/${clickup.taskIds[0]}`, { signal: time.timeout(2_000) }).catch((reason: unknown) => {
      error = reason
    })
    await time.run({ until: START + 2_000 })
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(clickup.calls).toMatchObject([{ status: 0, endedAt: START + 2_000 }])
    await time.run()
    expect(clickup.calls).toHaveLength(1)
  })

  it('drops connections in an outage as the network does', async () => {
    const { time, clickup, ask } = storm({ faults: { outage: { from: null, until: null, answer: 'disconnect' } } })
    let error: unknown
    void ask('/user').catch((reason: unknown) => {
      error = reason
    })
    await time.run()
    expect(error).toMatchObject({ name: 'TypeError', cause: { code: 'ECONNRESET' } })
    expect(clickup.calls).toMatchObject([{ status: 0, kind: 'other', window: null }])
  })

  it('refuses beyond the limit, by windows that begin with a call', async () => {
    const { time, clickup, ask } = storm({ faults: { rateLimit: 2 } })
    for (const at of [0, 10, 20, 61_000]) time.schedule(START + at, () => void ask('/user'))
    await time.run()
    expect(clickup.calls.map(({ status, window, ecode }) => [status, (window ?? 0) - START, ecode])).toEqual([
      [200, 0, null],
      [200, 0, null],
      [429, 0, 'APP_002'],
      [200, 61_000, null],
    ])
  })

  it('delivers into a function, signed, duplicated and late by the seed', async () => {
    const faults = { duplicates: 0.5, reorderingMs: 5_000 }
    const run = async () => {
      const { time, clickup, deliveries } = storm({ faults })
      const { webhookId } = clickup.connect('https://api.invalid/webhooks/clickup/main/a')
      const editor = createEditor(clickup.world, createRandom(1))
      time.schedule(START, () => {
        for (const id of clickup.taskIds) editor.edit(id)
      })
      await time.run()
      expect(clickup.undelivered()).toBe(0)
      return { webhookId, deliveries }
    }
    const { webhookId, deliveries } = await run()
    expect(deliveries.length).toBeGreaterThan(110)
    expect(deliveries.length).toBeLessThan(200)
    expect(Math.max(...deliveries.map(({ at }) => at))).toBeGreaterThan(4_000)
    expect(deliveries[0]?.endpoint).toBe('https://api.invalid/webhooks/clickup/main/a')
    expect(deliveries[0]?.signature).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.parse(deliveries[0]?.body.toString() ?? '')).toMatchObject({ webhook_id: webhookId })
    expect((await run()).deliveries).toEqual(deliveries)
  })

  it('makes a world of 20,000 tasks at once, and pages of it without looking at them all', async () => {
    const begun = performance.now()
    const { time, clickup, ask } = storm({ tasks: 20_000, faults: { readLagMs: 3_000, archivedTasks: 0.05 } })
    expect(clickup.taskIds).toHaveLength(20_000)
    const editor = createEditor(clickup.world, createRandom(1))
    let pages = 0
    for (let second = 0; second < 300; second++) {
      time.schedule(START + second * 1_000, () => {
        for (let change = 0; change < 5; change++) editor.edit(clickup.taskIds[second * 5 + change] ?? '')
        const since = time.now() - 20_000
        void ask(`/team/${clickup.workspaceId}/task?order_by=updated&include_closed=true&date_updated_gt=${since}`)
          .then((response) => response.text())
          .then(() => (pages += 1))
      })
    }
    await time.run()
    expect(pages).toBe(300)
    expect(performance.now() - begun).toBeLessThan(15_000)
  })
})

describe('edits', () => {
  const kinds =
    'status priority assign unassign tag untag dueDate estimate points field rename comment trackTime archive'
  it.each(kinds.split(' '))('%s is one change that a delivery tells of', (kind) => {
    const { clickup } = storm()
    clickup.connect('https://api.invalid/a')
    const weights = Object.fromEntries([...kinds.split(' '), kind].map((each) => [each, each === kind ? 1 : 0]))
    const editor = createEditor(clickup.world, createRandom(2), weights)
    for (const id of clickup.taskIds) editor.edit(id)
    const changes = clickup.log.changes()
    // Some tasks have nothing to take away.
    expect(changes.length).toBeGreaterThan(10)
    expect(changes.length).toBeLessThanOrEqual(clickup.taskIds.length)
    expect(changes.filter(({ kind: told, deliveries }) => told !== 'item' || deliveries.length === 0)).toEqual([])
  })

  it('a drawn edit is always exactly one', () => {
    const { clickup } = storm()
    clickup.connect('https://api.invalid/a')
    const editor = createEditor(clickup.world, createRandom(2))
    const [id = ''] = clickup.taskIds
    for (let count = 1; count <= 500; count++) {
      editor.edit(id)
      expect(clickup.log.changes()).toHaveLength(count)
    }
  })
})
