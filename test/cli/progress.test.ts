import { expect, test } from 'vitest'
import { type Backfill, progressOf, progressText } from '../../cli/output/progress.ts'

const DAY = 86_400_000
const NOW = 1_789_000_000_000
const SINCE = NOW - 90 * DAY
const RUN: Backfill = {
  ...{ phase: 'tasks', startedAt: NOW - 60_000, endedAt: null, since: SINCE, until: NOW, note: null },
  ...{ pages: 12, tasks: 1_200, timeEntries: 0, calls: 30, stretches: [] },
}
const stretch = (since: number, archived: boolean) => ({
  since,
  until: NOW,
  page: 0,
  archived,
  edge: [],
  at: null,
  isAgain: false,
})

test('what is left of the time that is read tells how much is done, and how long the rest takes', () => {
  // Half of the tasks that are not archived, and the archived ones still as a whole.
  const run = { ...RUN, stretches: [stretch(SINCE + 45 * DAY, false), stretch(SINCE, true)] }
  const progress = progressOf(run, NOW)
  expect(progress).toMatchObject({ share: 0.25, tasksPerMinute: 1_200, leftMs: 180_000 })
  expect(progressText(progress)).toBe(
    '[#####...............] reading tasks, 1200 tasks, 12 pages, 30 calls, 1200 tasks/min, about 3m left',
  )
})

test('before anything is read, and where everything is read, nothing is promised', () => {
  const places = progressOf({ ...RUN, phase: 'places', tasks: 0, pages: 0, stretches: [] }, NOW)
  expect(places).toMatchObject({ share: null, leftMs: null })
  expect(progressText(places)).toBe('reading spaces, folders and lists, 0 tasks, 0 pages, 30 calls')
  const everything = progressOf({ ...RUN, since: 0, stretches: [stretch(0, true)] }, NOW)
  expect(everything).toMatchObject({ share: null, leftMs: null, tasksPerMinute: 1_200 })
  const begun = progressOf({ ...RUN, stretches: [stretch(SINCE, false), stretch(SINCE, true)] }, NOW)
  expect(begun).toMatchObject({ share: 0, leftMs: null })
})

test('a run that has ended stands where it ended, and says why it waited', () => {
  const run: Backfill = {
    ...RUN,
    phase: 'done',
    endedAt: NOW,
    timeEntries: 7,
    stretches: [],
    note: 'Total time in Status\u001bis off',
  }
  const progress = progressOf(run, NOW + 10 * DAY)
  expect(progress).toMatchObject({ share: 1, leftMs: null, tasksPerMinute: 1_200 })
  expect(progressText(progress)).toMatch(/^\[#{20}\] done, .*7 time entries, .*Total time in Status is off$/)
})
