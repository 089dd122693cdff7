import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Parts, startParts } from '../guard/support.ts'
import { crashing } from './token-crashes.ts'

/** Every so-many-th call is died at; with EVERY=1 each. */
const EVERY = Number(process.env['EVERY'] ?? 2)

let parts: Parts
let crash: ReturnType<typeof crashing>
beforeAll(async () => {
  parts = await startParts()
  const { id } = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 })
  crash = crashing(parts, { userId: id })
})
afterAll(() => parts.close())

test('dying at any call, then nothing but the guard: one of the two users has it all', async () => {
  const ends: boolean[] = []
  const boundaries = await crash.boundaries()
  for (const last of boundaries.filter((_, i) => (i + 1) % EVERY === 0))
    ends.push((await crash.andTheGuardAlone(last)).isNew)
  // The promotion alone decides.
  expect(ends).toEqual(ends.toSorted((a, b) => Number(a) - Number(b)))
  expect(new Set(ends).size).toBe(2)
}, 120_000)
