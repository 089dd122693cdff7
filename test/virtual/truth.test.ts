import { expect, it } from 'vitest'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { observe } from '../../core/tasks/observe.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { createVirtualClickUp } from '../../local/virtual/clickup.ts'
import { createEditor } from '../../local/virtual/edits.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'
import { createTruth } from '../../local/virtual/truth.ts'

/** A consumer that reads at once, of which a test then says what it got wrong. */
function setUp() {
  const time = createVirtualTime(Date.UTC(2026, 0, 5, 9))
  const clickup = createVirtualClickUp({ time, seed: 2, tasks: 40, faults: { archivedTasks: 0.3 }, deliver: () => 200 })
  clickup.connect('https://api.invalid/a')
  const snapshots = new Map<string, Snapshot>()
  const truth = createTruth(clickup, (id) => snapshots.get(id) ?? null)
  const read = (id: string) => {
    const answer = clickup.taskAnswer(id)
    const seen =
      answer === undefined
        ? ({ kind: 'missing', id, state: 'deleted', observedAt: time.now() } as const)
        : observationOf(taskAnswerSchema.parse(JSON.parse(JSON.stringify(answer))), time.now(), false)
    const snapshot = observe(null, seen)
    if (snapshot !== null) snapshots.set(id, snapshot)
  }
  const editor = createEditor(clickup.world, createRandom(3))
  const [person] = clickup.world.users().filter(({ bot }) => !bot)
  const actor = inApp(person?.id ?? 0)
  const [first = '', second = ''] = clickup.taskIds
  return { time, clickup, snapshots, truth, read, editor, actor, first, second }
}

it('asks only of tasks of which a change was delivered', () => {
  const { truth, editor, first, read } = setUp()
  expect(truth.holds()).toBe(true)
  editor.edit(first)
  expect(truth.tasks()).toBe(1)
  expect(truth.holds()).toBe(false)
  expect(truth.differences()).toEqual([{ taskId: first, field: 'state', ours: null, theirs: expect.any(String) }])
  read(first)
  expect(truth.holds()).toBe(true)
  expect(truth.differences()).toEqual([])
})

it('holds for every edit once it has been read, whatever it was', () => {
  const { clickup, truth, editor, read } = setUp()
  for (const id of clickup.taskIds) {
    for (let count = 0; count < 5; count++) editor.edit(id)
    read(id)
  }
  expect(truth.tasks()).toBe(40)
  expect(truth.differences()).toEqual([])
})

it('sees a change that was not read, also one that moved no date', async () => {
  const { time, clickup, snapshots, truth, editor, actor, first, read } = setUp()
  editor.edit(first, 'rename')
  read(first)
  expect(truth.holds()).toBe(true)
  time.schedule(time.now() + 5, () => clickup.world.setPoints(actor, first, 99))
  await time.run()
  expect(truth.holds()).toBe(false)
  expect(truth.differences().map(({ field }) => field)).toEqual(expect.arrayContaining(['points', 'updatedAt']))
  read(first)
  expect(truth.holds()).toBe(true)
  const snapshot = snapshots.get(first)
  if (snapshot !== undefined) snapshots.set(first, { ...snapshot, points: 98 })
  expect(truth.differences()).toEqual([{ taskId: first, field: 'points', ours: 98, theirs: 99 }])
})

it('compares every field that a snapshot holds', () => {
  const { snapshots, truth, editor, first, read } = setUp()
  editor.edit(first)
  read(first)
  const good = snapshots.get(first)
  if (good === undefined) throw new Error('no snapshot')
  const { id: _id, observedAt: _observedAt, version: _version, incarnation: _incarnation, ...fields } = good
  expect(Object.keys(fields)).toHaveLength(30)
  for (const field of Object.keys(fields)) {
    snapshots.set(first, { ...good, [field]: 'wrong' })
    expect(truth.differences().map((each) => each.field)).toEqual([field])
  }
})

it('a deleted task must be known to be deleted, and one that is not must not', () => {
  const { clickup, truth, editor, actor, first, second, read } = setUp()
  editor.edit(first)
  read(first)
  clickup.world.deleteTask(actor, first)
  expect(truth.differences()).toMatchObject([{ field: 'state', theirs: 'deleted' }])
  read(first)
  expect(truth.holds()).toBe(true)
  editor.edit(second)
  read(second)
  clickup.world.restoreTask(actor, first)
  expect(truth.differences()[0]).toMatchObject({ taskId: first, field: 'state', ours: 'deleted' })
  expect(truth.holds()).toBe(false)
})

it('time that a page does not carry is none, and only that', () => {
  const { snapshots, truth, editor, first, second, read } = setUp()
  editor.edit(first, 'rename')
  editor.edit(second, 'trackTime')
  read(first)
  read(second)
  for (const id of [first, second]) {
    const snapshot = snapshots.get(id)
    if (snapshot !== undefined) snapshots.set(id, { ...snapshot, timeSpentMs: null })
  }
  expect(truth.differences()).toMatchObject([{ taskId: second, field: 'timeSpentMs', ours: null }])
})
