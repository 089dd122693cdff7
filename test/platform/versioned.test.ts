import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { versioned } from '../../core/platform/versioned.ts'

/** Three releases of one item: the second renames an attribute, and so does not write what it reads at first. */
const first = versioned(z.object({ name: z.string() }))
const secondSchema = z.object({ title: z.string() })
const second = versioned(secondSchema, { current: 2, before: ({ name, ...rest }) => ({ ...rest, title: name }) })
const third = versioned(z.object({ title: z.string(), tags: z.array(z.string()) }), {
  current: 3,
  before: (item) => ({ ...item, tags: [] }),
})

const OLD = { pk: 'x', name: 'n', schemaVersion: 1 }
const NEW = { pk: 'x', title: 'n', schemaVersion: 2 }

describe('a stored item', () => {
  it('is read in the newest form, and in the one before', () => {
    expect(first.parse(OLD)).toEqual({ name: 'n' })
    expect(second.parse(OLD)).toEqual({ title: 'n' })
    expect(second.parse(NEW)).toEqual({ title: 'n' })
    expect(third.parse(NEW)).toEqual({ title: 'n', tags: [] })
  })

  it('of before there were versions is of the first', () => {
    expect(first.parse({ name: 'n' })).toEqual({ name: 'n' })
    expect(second.parse({ name: 'n' })).toEqual({ title: 'n' })
    expect(third.safeParse({ name: 'n' }).success).toBe(false)
  })

  it('of any other version is not read, although it might fit, and the reason says what is', () => {
    const messageOf = (schema: z.ZodType, item: unknown) => schema.safeParse(item).error?.issues[0]?.message
    expect(messageOf(first, { ...OLD, schemaVersion: 2 })).toBe('is 2, and this release reads 1')
    expect(messageOf(second, { ...NEW, schemaVersion: 3 })).toBe('is 3, and this release reads 1 and 2')
    expect(messageOf(third, OLD)).toBe('is 1, and this release reads 2 and 3')
    for (const schemaVersion of ['1', 0, -1, 1.5, null]) {
      expect(messageOf(first, { ...OLD, schemaVersion })).toBe('is not a version')
    }
  })

  it('may have more attributes than are known', () => {
    expect(first.parse({ ...OLD, added: { later: true } })).toEqual({ name: 'n' })
    expect(second.parse({ ...OLD, added: 1 })).toEqual({ title: 'n' })
  })

  it('that is none is what the schema says it is', () => {
    for (const none of [undefined, null, 'text', 7]) expect(first.safeParse(none).success).toBe(false)
    expect(first.safeParse([]).success).toBe(false)
  })
})

it('going back one release reads what was written since, when a version is read one release before it is written', () => {
  // Release 1 knows the first form. Release 2 reads both and writes the first; release 3 writes the second.
  const written = { release1: OLD, release2: OLD, release3: NEW }
  const reads = { release1: first, release2: second, release3: second }
  expect(reads.release1.safeParse(written.release2).success).toBe(true)
  expect(reads.release2.safeParse(written.release3).success).toBe(true)
  // Two releases back is too far.
  expect(reads.release1.safeParse(written.release3).success).toBe(false)
})
