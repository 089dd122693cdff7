import { expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'

test('a seed gives one sequence, and a fork does not depend on what was drawn before it', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, createRandom(seed).next)
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
  const [fresh, used] = [createRandom(1), createRandom(1)]
  used.int(0, 9)
  expect(used.fork('a').next()).toBe(fresh.fork('a').next())
  expect(fresh.fork('a').next()).not.toBe(fresh.fork('b').next())
})

test('numbers spread evenly, forks of neighbouring labels too', () => {
  const random = createRandom(9)
  const counts = new Map<number, number>()
  for (let count = 0; count < 10_000; count++) {
    const face = random.fork(count).int(1, 6)
    counts.set(face, (counts.get(face) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6])
  for (const often of counts.values()) expect(Math.abs(often - 10_000 / 6)).toBeLessThan(170)
})

test('weights decide how often a key comes, and none of weight 0', () => {
  const random = createRandom(2)
  const keys = Array.from({ length: 2_000 }, () => random.weighted({ a: 3, b: 1, never: 0 }))
  expect(keys.filter((key) => key === 'a').length / 2_000).toBeCloseTo(0.75, 1)
  expect(keys).not.toContain('never')
})
