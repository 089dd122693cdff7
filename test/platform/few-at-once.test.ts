import { expect, test } from 'vitest'
import { fewAtOnce } from '../../core/platform/few-at-once.ts'

test('goes through all items in their order, never more than 25 at once', async () => {
  let running = 0
  let most = 0
  const results = await fewAtOnce(
    Array.from({ length: 1_000 }, (_, index) => index),
    async (index) => {
      running += 1
      most = Math.max(most, running)
      for (let turn = 0; turn <= index % 7; turn += 1) await Promise.resolve()
      running -= 1
      return index * 2
    },
  )
  expect(most).toBe(25)
  expect(results).toEqual(Array.from({ length: 1_000 }, (_, index) => index * 2))
})

test('rejects when one does', async () => {
  await expect(
    fewAtOnce([1, 2], (item) => (item === 2 ? Promise.reject(new Error('no')) : Promise.resolve())),
  ).rejects.toThrow('no')
  expect(await fewAtOnce([], async () => 1)).toEqual([])
})
