import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Parts, startParts } from '../guard/support.ts'
import { crashing } from './token-crashes.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

test('a new token: dying at any call, then nothing but the guard: one of the two is in force, the next can begin', async () => {
  const crash = crashing(parts, null)
  const ends: boolean[] = []
  for (const last of await crash.boundaries()) ends.push((await crash.andTheGuardAlone(last)).isNew)
  // The promotion alone decides.
  expect(ends).toEqual(ends.toSorted((a, b) => Number(a) - Number(b)))
  expect(new Set(ends).size).toBe(2)
}, 60_000)
