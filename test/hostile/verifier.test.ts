import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { broken } from '../../local/hostile/verifier/breaks.ts'
import { tryAll, verifierCases } from '../../local/hostile/verifier/check.ts'
import { type Door, openDoor } from '../../local/hostile/verifier/door.ts'
import { QUICK, tryGrowth } from '../../local/hostile/verifier/growth.ts'

/** What is written down but for what takes seconds, and some by chance: `npm run check:hostile` has all of it. */
const LARGE = /bytes|too large|megabyte|header of|hundred thousand/
const cases = verifierCases({ seed: 1, runs: 40 }).filter(({ name }) => !LARGE.test(name))
const some = (count: number, seed: number) => createRandom(seed).shuffle(cases).slice(0, count)

let door: Door
beforeAll(async () => {
  vi.resetModules()
  door = await openDoor()
})
afterAll(() => door.close())

describe('the verifier, whatever comes', () => {
  it('answers with what is due, counts once, writes nothing of it, and queues exactly what was signed', async () => {
    const { tried, endings, wrong } = await tryAll(door, some(100, 1))
    expect(wrong).toEqual([])
    expect(tried).toBe(100)
    expect(Object.keys(endings)).toEqual(expect.arrayContaining(['accepted', 'refused']))
  })

  it('at the limits of a message and of what is read at all', async () => {
    const limits = verifierCases({ seed: 1, runs: 1 }).filter(({ name }) =>
      /a delivery of (1032192|1032193|5242880|5242881) bytes, signed|no UTF-8 of 1048577 bytes/.test(name),
    )
    const { tried, endings, wrong } = await tryAll(door, limits)
    expect(wrong).toEqual([])
    expect({ tried, endings }).toEqual({ tried: 6, endings: { accepted: 4, refused: 1, tooLarge: 1 } })
  })
})

describe('what is broken on purpose is found:', () => {
  it.each([
    ['log', /JSON: \{"event":/],
    ['count', /one letter short/],
    ['parse-first', /JSON: \{"event":/],
    ['status', /one letter short/],
    ['bytes', /a NUL as an escape/],
  ] as const)('%s', async (what, revealing) => {
    const few = cases.filter(({ name }) => revealing.test(name)).slice(0, 6)
    expect((await tryAll(door, few)).wrong).toEqual([])
    expect((await tryAll(broken(door, what), few)).wrong.length).toBeGreaterThan(0)
  })

  it('square, by the time of the processor', async () => {
    // That the verifier itself is not, the command tries: here it would be a matter of what else the machine does.
    expect((await tryGrowth(broken(door, 'square'), QUICK)).wrong.length).toBeGreaterThan(0)
  })

  it('size', async () => {
    const large = verifierCases({ seed: 1, runs: 1 }).filter(({ name }) => name.includes('no JSON of 1048577 bytes'))
    expect((await tryAll(broken(door, 'size'), large)).wrong).toHaveLength(2)
  })
})
