import { describe, expect, it } from 'vitest'
import { isStale, needsRead, staleUntil } from '../../core/process/expansion/freshness.ts'
import type { Observation, Snapshot } from '../../core/tasks/snapshot.ts'
import { change, snapshot as read, AT as T } from '../publish/events.ts'

const snapshot = (over: Partial<Snapshot>) => read({ observedAt: 0, updatedAt: 0, ...over })

describe('a task', () => {
  it.each([
    ['that was never read', null, change(), true],
    ['that ClickUp last updated at the very time of the change', snapshot({ updatedAt: T }), change(), false],
    ['that ClickUp last updated before the change', snapshot({ updatedAt: T - 1 }), change(), true],
    ['that was read 5 s after the change', snapshot({ observedAt: T + 5_000 }), change(), false],
    ['that was read sooner after it, when reads still lag', snapshot({ observedAt: T + 4_999 }), change(), true],
    [
      'that was read 5 s after news of a change from the future',
      snapshot({ observedAt: T + 6_000 }),
      change({ at: T * 2 }),
      false,
    ],
    ['that was never read and has a comment', null, change({ field: 'comment' }), true],
    ['that was read at any time and has a comment', snapshot({}), change({ field: 'comment' }), false],
    ['that was deleted by this very change', null, change({ field: 'deletion' }), false],
    ['that is gone since after the change', snapshot({ state: 'deleted', observedAt: T }), change(), false],
    [
      'that was gone before the change',
      snapshot({ state: 'deleted', observedAt: T - 1, updatedAt: T }),
      change(),
      true,
    ],
  ])('%s needs a read, or not', (_, before, told, expected) => {
    expect(needsRead(before, told)).toBe(expected)
  })

  /** The read that made the snapshot. */
  const readAt = ({ id, state, observedAt }: Snapshot): Observation =>
    state === 'deleted'
      ? { kind: 'missing', id, state, observedAt }
      : { kind: 'seen', id, archived: false, fields: {}, observedAt }

  const old = { status: { name: 'open', type: 'open' } }
  it.each([
    ['shows the old value soon after', snapshot({ ...old, observedAt: T + 4_999 }), change(), true],
    ['shows the old value when reads lag no more', snapshot({ ...old, observedAt: T + 5_000 }), change(), false],
    ['shows another value, of a later change', snapshot({ ...old, observedAt: T, updatedAt: T }), change(), false],
    // It may be that of a change before, which was undone in between.
    ['shows the new value', snapshot({ status: { name: 'shipped', type: 'done' }, observedAt: T }), change(), true],
    ['is gone', snapshot({ ...old, state: 'deleted', observedAt: T }), change(), false],
    ['had a comment, of which nothing can be seen', snapshot({ observedAt: T }), change({ field: 'comment' }), false],
    [
      'shows no assignee yet',
      snapshot({ observedAt: T }),
      change({ field: 'assignee_add', after: { id: '1', name: null } }),
      true,
    ],
    [
      'shows no assignee any more',
      snapshot({ observedAt: T }),
      change({ field: 'assignee_rem', before: { id: '1', name: null }, after: null }),
      true,
    ],
  ])('that %s was read too early, or not', (_, seen, told, expected) => {
    expect(isStale(readAt(seen), seen, told)).toBe(expected)
  })
})

it('a task that was read too early is read again when reads lag no more, in two seconds at the soonest', () => {
  expect(staleUntil(change(), T + 1_000)).toBe(T + 5_000)
  expect(staleUntil(change(), T + 3_000)).toBe(T + 5_000)
  expect(staleUntil(change(), T + 3_001)).toBe(T + 5_001)
  // A time from the future: it has happened before the news of it came in.
  expect(staleUntil(change({ at: T * 2 }), T + 1_000)).toBe(T + 6_000)
})
