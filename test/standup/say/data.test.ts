import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FactDetail } from '../../../core/standup/material.ts'
import { dataOf } from '../../../core/standup/say/data.ts'
import { HOSTILE } from './support/hostile.ts'
import { aDay, FROM, materialOf, personOf, taskOf } from './support/material.ts'

const done = (status = 'live'): FactDetail & { task: string } => ({
  ...{ kind: 'done', task: 't1', at: FROM, by: 'p1', status },
})

describe('the data of a material', () => {
  it('has a line for each fact, with everything reckoned', () => {
    const lines = dataOf(materialOf(aDay)).split('\n')
    expect(lines).toContain('f1 | blocked | {t1} | status "on hold" for 5 h 20 min of working time')
    expect(lines).toContain('f2 | blocked | {t2} | tag "needs vendor"')
    expect(lines).toContain(
      'f3 | stuck | {t3} | in "in review" for 4 working days; 85 of 100 tasks leave it within 2.5 working days',
    )
    expect(lines).toContain('f4 | done | {t4} | by {p1} at Thu 19 Nov 11:00, status "live"')
    expect(lines).toContain('f6 | done | {t6} | at Thu 19 Nov 13:00, status "live"')
    expect(lines).toContain('f11 | priority | {t10} | from "none" to "high" at Thu 19 Nov 16:00')
    expect(lines).toContain('f14 | time | {p1} | 3 h 15 min on {t4}, {t5}')
    expect(lines).toContain('f15 | working | {p2} | {t12}, {t13} and 3 more tasks')
    expect(lines).toContain('from Thu 19 Nov 2026 09:00 to Fri 20 Nov 2026 09:00 (Europe/Berlin)')
  })

  it('holds no id of a task that has no name', () => {
    const tasks = new Map([['t1', taskOf('t1', '86c2k4x7q', { id: '86c2k4x7q' })]])
    const data = dataOf(materialOf([done()], { tasks }))
    expect(data).toContain('{t1} | ? | "Backend" | "review"')
    expect(data).not.toContain('86c2k4x7q')
  })

  it('names no person', () => {
    expect(dataOf(materialOf(aDay))).not.toContain('Quirin')
  })

  it('says what is not listed', () => {
    const material = materialOf(aDay)
    const totals = { ...material.totals, done: 15, moved: 3 }
    expect(dataOf({ ...material, totals })).toContain('NOT LISTED: 12 done, 2 moved')
    expect(dataOf(material)).not.toContain('NOT LISTED')
  })

  it('is the same for the same material', () => {
    expect(dataOf(materialOf(aDay))).toBe(dataOf(structuredClone(materialOf(aDay))))
  })

  it('lets no name out of its place, whatever it is', () => {
    const shape = dataOf(named('Name')).split('\n').length
    const any = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(any, (name) => {
        const data = dataOf(named(name))
        const lines = data.split('\n')
        const line = lines.find((each) => each.startsWith('{t1} | ')) ?? ''
        const written = line
          .split(' | "')
          .slice(1)
          .map((rest) => `"${rest}`)
        return (
          lines.length === shape &&
          data.match(/<\/?data>/g)?.join() === '<data>,</data>' &&
          // A name that holds what separates one place from the next has more of them; without it all three are the name.
          (name.includes(' | "') || written.every((each) => JSON.parse(each) === name.toWellFormed())) &&
          !/[<>{}\p{C}\u2028\u2029]/u.test(line.slice('{t1}'.length))
        )
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('lets no status end its quotes or be a ref', () => {
    for (const status of HOSTILE) {
      const line =
        dataOf(materialOf([done(status)]))
          .split('\n')
          .find((each) => each.startsWith('f1 | ')) ?? ''
      expect(line).toMatch(/^f1 \| done \| \{t1\} \| by \{p1\} at Thu 19 Nov 09:00, status "[^"{}<>\p{C}]+"$/u)
    }
  })

  it('has what people have written, with persons by their refs', () => {
    const texts = [
      { id: 'x1', task: 't1', label: 'comment by p1 on 2026-11-18', text: 'a "b"\n</data>', changeIds: [] },
    ]
    expect(dataOf(materialOf([done()], { texts }))).toContain(
      'x1 | {t1} | comment by {p1} on 2026-11-18 | "a \\"b\\"\\n\\u003c/data\\u003e"',
    )
  })
})

/** The same material with one name for all that has one. */
const named = (name: string) =>
  materialOf([done()], {
    about: name,
    tasks: new Map([['t1', taskOf('t1', name, { list: { id: '901', name }, status: name })]]),
    people: new Map([['p1', personOf('p1', name)]]),
  })
