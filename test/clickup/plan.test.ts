import { expect, it } from 'vitest'
import { callsPerMinuteOf } from '../../core/clickup/plan.ts'

it.each([
  ['Free', 100],
  ['Free Forever', 100],
  ['Unlimited', 100],
  ['Business', 100],
  ['Business Plus', 1_000],
  ['business_plus', 1_000],
  ['BUSINESS PLUS ', 1_000],
  ['Enterprise', 10_000],
  ['Something New', null],
  ['', null],
  ['constructor', null],
])('the plan %s allows %s calls a minute', (name, calls) => {
  expect(callsPerMinuteOf(name)).toBe(calls)
})
