import { expect, it } from 'vitest'
import { inBatches } from '../../core/platform/in-batches.ts'

const split = (sizes: number[]) => inBatches(sizes, (size) => size, { entries: 3, bytes: 10 })

it.each([
  ['nothing is no request', [], []],
  ['as many as fit', [1, 1, 1, 1], [[1, 1, 1], [1]]],
  ['to the last byte', [5, 5, 1], [[5, 5], [1]]],
  ['one byte too many begins another', [5, 6], [[5], [6]]],
  ['what is too large goes alone', [1, 11, 1], [[1], [11], [1]]],
])('%s', (_, sizes, batches) => {
  expect(split(sizes)).toEqual(batches)
})
