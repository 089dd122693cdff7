import { expect, it } from 'vitest'
import { arrivalOf } from '../../core/sync/arrival.ts'
import type { Job } from '../../core/sync/job.ts'

const T = 1_789_000_000_000
const MINUTE = 60_000
const scheduled: Job = { job: 'sweep', connection: '*', reason: 'schedule', everyMinutes: 15 }
const at = (sentAt: number | null, paused = false) => ({ sentAt, now: T, paused })

it('of jobs that have piled up, only the clock’s last is worked off', () => {
  const pile = Array.from({ length: 1_344 }, (_, i) => T - MINUTE - i * 15 * MINUTE)
  expect(pile.filter((sentAt) => arrivalOf(scheduled, at(sentAt)) === 'work')).toEqual([T - MINUTE])
})

it('what somebody has asked for, or what goes on, is never too late', () => {
  const long = T - 20 * 60 * MINUTE
  for (const reason of ['asked', 'mended', 'silent'] as const)
    expect(arrivalOf({ ...scheduled, reason }, at(long))).toBe('work')
  expect(arrivalOf({ ...scheduled, run: 'r1' }, at(long))).toBe('work')
})

it('a job of a stage whose schedules tell no interval, or of a queue that tells no time, is worked off', () => {
  const { everyMinutes: _, ...former } = scheduled
  expect(arrivalOf(former, at(T - 24 * 60 * MINUTE))).toBe('work')
  expect(arrivalOf(scheduled, at(null))).toBe('work')
})

it('in a pause the clock’s are dropped, and the others wait', () => {
  expect(arrivalOf(scheduled, at(T, true))).toBe('drop')
  expect(arrivalOf({ ...scheduled, reason: 'asked' }, at(T, true))).toBe('later')
  expect(arrivalOf({ ...scheduled, run: 'r1' }, at(T, true))).toBe('later')
})
