import { describe, expect, it } from 'vitest'
import { entryPresence } from '../../core/clickup/entry-presence.ts'
import { revisionOf, seenAs, type TimeEntry } from '../../core/tasks/time-entry.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { manualClock, NOON, startSmall } from '../local-clickup/support.ts'
import { clientOf } from '../support/clickup-client.ts'
import { answer } from '../support/upstream.ts'

const stored = (id: string, taskId: string | null): TimeEntry => ({
  ...{ entryId: id, taskId, userId: '1', startAt: NOON - 2, endAt: NOON - 1, durationMs: 1, running: false },
  ...{ deleted: false, changedAt: NOON, revision: revisionOf(NOON, { deleted: false, by: 'x' }) },
  seen: seenAs([id], 'workspace'),
})

async function setUp(intercept: Fetch = (url, init) => fetch(url, init)) {
  const { fake, world, actor, ann, list } = await startSmall({ clock: manualClock() })
  const task = world.createTask(actor, { listId: list.id, name: 'Task' })
  const track = (taskId: string | null) => world.trackTime(inApp(ann.id), { taskId, start: NOON - 2, end: NOON - 1 }).id
  const clickup = clientOf(fake.url, fake.tokens.service, { fetch: intercept })
  const ask = (id: string, taskId: string | null) =>
    entryPresence(clickup, { workspaceId: fake.workspaceId, entry: stored(id, taskId) })
  return { world, ann, task, track, ask }
}

describe('a time entry that is not listed', () => {
  it('is present when it can be read', async () => {
    const { task, track, ask } = await setUp()
    expect(await ask(track(task.id), task.id)).toEqual({ kind: 'present' })
  })

  it('is gone when its task can be read, and it is not among its time', async () => {
    const { world, ann, task, track, ask } = await setUp()
    const id = track(task.id)
    track(task.id)
    world.deleteTime(inApp(ann.id), id)
    expect(await ask(id, task.id)).toEqual({ kind: 'gone' })
  })

  it('is gone when it has no task', async () => {
    const { ask } = await setUp()
    expect(await ask('123', null)).toEqual({ kind: 'gone' })
  })

  it('is not called gone when its task cannot be seen', async () => {
    const refused = answer(401, { err: 'Team not authorized', ECODE: 'OAUTH_027' })
    const { task, ask } = await setUp(async (url, init) =>
      url.includes('/task/') ? refused.clone() : fetch(url, init),
    )
    expect(await ask('123', task.id)).toEqual({ kind: 'unknown' })
  })

  it('is a fault while ClickUp is down', async () => {
    const { task, ask } = await setUp(async () => answer(503, {}))
    expect(await ask('123', task.id)).toMatchObject({ kind: 'unavailable' })
  })
})
