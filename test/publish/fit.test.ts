import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../core/platform/json.ts'
import { type ChangeEvent, changeEventSchema } from '../../core/publish/event.ts'
import { EVENT_LIMIT_BYTES, fitted, sizeOf } from '../../core/publish/fit.ts'
import { event, snapshot } from './events.ts'

const KIB = 1024
/** Of one to four bytes, and such that JSON writes them longer than they are. */
const UNITS = ['a', 'é', '語', '🙂', '"', '\n', '\u0001']

/** A text by its unit and length, so that a counterexample can be read. */
const text = (maxKib: number) =>
  fc.record({
    unit: fc.constantFrom(...UNITS),
    length: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: maxKib * KIB })),
  })
const parts = fc.record({
  before: fc.option(text(150)),
  after: fc.option(text(150)),
  task: fc.option(text(300)),
  place: text(100),
  actor: text(100),
  field: text(100),
})

function eventWith(sizes: typeof parts extends fc.Arbitrary<infer Parts> ? Parts : never): ChangeEvent {
  const written = ({ unit, length }: { unit: string; length: number }) => unit.repeat(Math.ceil(length / unit.length))
  const { before, after, task } = sizes
  const [place, actor, field] = [sizes.place, sizes.actor, sizes.field].map(written)
  const made = event(
    {
      field: 'custom_field',
      customField: { id: 'f1', name: field ?? '', type: field ?? '' },
      before: before && written(before),
      after: after && written(after),
      actor: { id: '7', name: actor ?? '' },
    },
    {
      task: snapshot({
        name: task && written(task),
        list: { id: '1', name: place ?? '' },
        folder: { id: '2', name: place ?? '', hidden: false },
        space: { id: '3', name: place ?? '' },
      }),
    },
  )
  return task === null ? { ...made, task: null } : made
}

const large = (kib: number): Json => ['x'.repeat(kib * KIB)]
const withTask = (kib: number, parts: Partial<ChangeEvent> = {}): ChangeEvent => ({
  ...event({}, { task: snapshot({ name: 'x'.repeat(kib * KIB) }) }),
  ...parts,
})

describe('an event', () => {
  it('never exceeds the limit, keeps to the schema, and says what is missing', () => {
    fc.assert(
      fc.property(parts, (sizes) => {
        const whole = eventWith(sizes)
        const fitting = fitted(whole)
        expect(sizeOf(fitting)).toBeLessThanOrEqual(EVENT_LIMIT_BYTES)
        expect(changeEventSchema.safeParse(fitting).success).toBe(true)
        for (const part of ['before', 'after', 'task'] as const) {
          if (fitting.omitted.includes(part)) expect(fitting[part]).toBeNull()
          else expect(fitting[part]).toEqual(whole[part])
        }
        const { changeId, resource, field, at, atEarliest, origin } = whole
        expect(fitting).toMatchObject({ changeId, resource, field, at, atEarliest, origin })
      }),
      { numRuns: 100, seed: 20_260_907 },
    )
  })

  it('that fits is the same to the byte', () => {
    const whole = withTask(200)
    expect(sizeOf(whole)).toBeLessThanOrEqual(EVENT_LIMIT_BYTES)
    expect(fitted(whole)).toEqual(whole)
  })

  it('fills the limit to its last byte', () => {
    const room = EVENT_LIMIT_BYTES - sizeOf(event({ after: '' }))
    const exact = event({ after: 'x'.repeat(room) })
    expect(sizeOf(exact)).toBe(EVENT_LIMIT_BYTES)
    expect(fitted(exact).omitted).toEqual([])
    expect(fitted(event({ after: 'x'.repeat(room + 1) })).omitted).toEqual(['after'])
  })
})

describe('what is left out', () => {
  it('is the largest part: a huge task does not take the change with it', () => {
    const fitting = fitted(withTask(300))
    expect(fitting.omitted).toEqual(['task'])
    expect(fitting).toMatchObject({ before: { name: 'to do' }, after: { name: 'shipped' }, task: null })
  })

  it('is one value, when that is enough', () => {
    expect(fitted(withTask(10, { before: large(60), after: large(200) })).omitted).toEqual(['after'])
    expect(fitted(withTask(10, { before: large(200), after: large(60) })).omitted).toEqual(['before'])
  })

  it('is as much as it takes', () => {
    expect(fitted(withTask(300, { before: large(260), after: large(250) })).omitted.sort()).toEqual([
      'after',
      'before',
      'task',
    ])
  })
})
