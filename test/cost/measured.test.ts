import { expect, test } from 'vitest'
import { measure } from '../../bench/costs/measure.ts'
import { trickle } from '../../bench/storms/scenarios/trickle.ts'
import { PER_DELIVERY, type PerDelivery } from '../../core/cost/measured.ts'

const NAMES = [
  'changes',
  'queueRequests',
  'consumerInvocations',
  'consumerMs',
  'apiCalls',
  'writeUnits',
  'readUnits',
  'logBytes',
] as const

/** The bulk edit takes ten times as long to play, and is measured the same way. */
test('the model calculates with what a delivery uses now, to a tenth', async () => {
  const now: PerDelivery = await measure(trickle, 1)
  const shares = NAMES.map((name) => [name, now[name] / PER_DELIVERY.alone[name]] as const)
  expect(shares.filter(([, share]) => Math.abs(share - 1) > 0.1)).toEqual([])
})
