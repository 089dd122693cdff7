import { describe, expect, it } from 'vitest'
import type { FactDetail } from '../../../core/standup/material.ts'
import { digestOf } from '../../../core/standup/say/digest.ts'
import { notesOf } from '../../../core/standup/say/notes.ts'
import { aDay, DAY_MS, FROM, materialOf, UNTIL } from './support/material.ts'

const HOUR = 3_600_000
type Sketch = FactDetail & { task?: string }

const texts = (facts: readonly Sketch[]) => digestOf(materialOf(facts)).map(({ text }) => text)
const doneBy =
  (by: string | null) =>
  (_: unknown, i: number): Sketch => ({
    ...{ kind: 'done', task: `t${i + 1}`, at: FROM, by, status: 'live' },
  })

describe('the digest', () => {
  it('tells each fact once, in the order of the sections', () => {
    const statements = digestOf(materialOf(aDay))
    expect(statements.flatMap(({ cites }) => cites).toSorted()).toEqual(aDay.map((_, i) => `f${i + 1}`).toSorted())
    expect(statements.map(({ section, text }) => `${section}: ${text}`)).toEqual([
      'blockers: {t1} is blocked: it has been in status "on hold" for 5 h 20 min of working time.',
      'blockers: {t2} is blocked: its tag is "needs vendor".',
      'blockers: {t3} has been in "in review" for 4 working days; 85 of 100 tasks leave it within 2.5 working days.',
      'done: {p1} finished {t4} and {t5}.',
      'done: {t6} was finished.',
      'progress: {p2} deleted {t7}.',
      'progress: {p3} reopened {t8}, from "live" back to "in progress".',
      'progress: {p1} moved {t12} from "to do" to "in progress".',
      'priorities: {p2} raised the priority of {t1} from normal to urgent.',
      'priorities: {p2} lowered the priority of {t9} from high to low.',
      'priorities: The priority of {t10} was set to high.',
      'new: {p3} created {t11}.',
      'people: {p1} logged 3 h 15 min on {t4} and {t5}.',
      'people: {p2} is working on {t12}, {t13} and 3 more tasks.',
    ])
  })

  it('tells together what differs by the task alone, as many as can be read', () => {
    expect(texts(Array.from({ length: 2 }, doneBy(null)))).toEqual(['{t1} and {t2} were finished.'])
    expect(texts(Array.from({ length: 8 }, doneBy('p1')))).toEqual([
      '{p1} finished {t1}, {t2}, {t3}, {t4}, {t5} and {t6}.',
      '{p1} finished {t7} and {t8}.',
    ])
  })

  it('tells what is missing as missing', () => {
    expect(
      texts([
        { kind: 'priority', task: 't1', at: FROM, by: 'p1', from: 'high', to: null },
        { kind: 'priority', task: 't2', at: FROM, by: 'p1', from: 'P1', to: 'P2' },
        { kind: 'moved', task: 't3', at: FROM, by: null, from: null, to: 'doing' },
        { kind: 'blocked', task: 't4', because: 'tag', word: 'vendor', forMs: DAY_MS },
        { kind: 'blocked', task: 't5', because: 'status', word: 'on hold', forMs: 0 },
        { kind: 'time', person: 'p1', ms: 20_000, tasks: [] },
        { kind: 'working', person: 'p1', tasks: [], more: 1 },
      ]),
    ).toEqual([
      '{t4} is blocked: it has been tagged "vendor" for 1 working day.',
      '{t5} is blocked: its status is "on hold".',
      '{t3} was moved to "doing".',
      '{p1} changed the priority of {t1} from high to none.',
      '{p1} changed the priority of {t2} from "P1" to "P2".',
      '{p1} logged 1 min.',
      '{p1} is working on 1 task.',
    ])
  })

  it('says that nothing happened only where that is known', () => {
    const since = 'in Backend since Thu 19 Nov 2026 09:00.'
    const text = (over: object) => digestOf(materialOf([], over)).map(({ text }) => text)
    expect(text({})).toEqual([`Nothing happened ${since}`])
    expect(text({ watermark: UNTIL - 2 * HOUR })).toEqual([`Nothing is known to have happened ${since}`])
    expect(text({ watermark: null })).toEqual([`Nothing is known to have happened ${since}`])
    expect(text({ claimed: 1 })).toEqual([`Nothing is known to have happened ${since}`])
    expect(text({ totals: { ...materialOf([]).totals, done: 900 } })).toEqual([
      `There is no room for what happened ${since}`,
    ])
  })
})

describe('its notes', () => {
  it('say what limits it, and nothing where nothing does', () => {
    expect(notesOf(materialOf(aDay))).toEqual([])
    const { totals } = materialOf(aDay)
    const limited = {
      ...{ watermark: UNTIL - 4 * HOUR, unreadable: 1, claimed: 2, cut: true },
      totals: { ...totals, done: totals.done + 12, priority: totals.priority + 1, time: totals.time + 2 },
    }
    expect(notesOf(materialOf(aDay, limited))).toEqual([
      'Left out for want of room: 12 finished tasks, 1 priority shift and 2 accounts of logged time.',
      'What happened after Fri 20 Nov 2026 05:00 may be missing.',
      '2 changes were still being worked on.',
      '1 change could not be read.',
      'There was more to read than could be read.',
    ])
    expect(notesOf(materialOf(aDay, { watermark: null, cut: true }))).toEqual([
      'Whether this is complete is not known: no sweep has come round yet.',
    ])
  })

  it('pass over what a sweep of an ordinary hour has not seen yet', () => {
    expect(notesOf(materialOf(aDay, { watermark: UNTIL - 59 * 60_000 }))).toEqual([])
  })
})
