import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Parts, startParts } from '../guard/support.ts'
import { again, crashing, dieAt } from './token-crashes.ts'
import { makeTokenRotating, watched } from './token-support.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

test('a new token: dying at any call, then the same steps again: it is in force, and all is settled', async () => {
  const crash = crashing(parts, null)
  const boundaries = await crash.boundaries()
  // The pending version, the label of the candidate, the promotion.
  expect(boundaries).toHaveLength(3)
  for (const last of boundaries) expect(await crash.andAgain(last), `at ${last}`).toEqual({ isNew: true, others: 0 })
}, 60_000)

test('a new token: dying at any call, then nothing but the guard: one of the two is in force, the next can begin', async () => {
  const crash = crashing(parts, null)
  const ends: boolean[] = []
  for (const last of await crash.boundaries()) ends.push((await crash.andTheGuardAlone(last)).isNew)
  // The promotion alone decides.
  expect(ends).toEqual(ends.toSorted((a, b) => Number(a) - Number(b)))
  expect(new Set(ends).size).toBe(2)
}, 60_000)

test('a test of the token in use: dying at any call leaves it in use', async () => {
  const first = await makeTokenRotating(parts)
  const { ports, effects } = watched(parts.clients)
  await first.takeAll(await first.start(), ports)
  // The pending version, and its label.
  expect(effects).toHaveLength(2)
  for (const last of effects) {
    const rotating = await makeTokenRotating(parts)
    const { current } = await rotating.labels()
    const run = await rotating.start()
    await dieAt(parts, rotating, run, last)
    await again(rotating, run)
    expect(await rotating.labels(), `at ${last}`).toMatchObject({ current, pending: undefined })
    await rotating.takeAll(await rotating.start())
  }
})
