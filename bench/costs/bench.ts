import { PER_DELIVERY, type PerDelivery } from '../../core/cost/measured.ts'
import { variableOf } from '../../core/cost/model.ts'
import type { Bench, Figure } from '../figure.ts'
import { BREAKS } from '../storms/breaks.ts'
import { bulkEdit } from '../storms/scenarios/bulk-edit.ts'
import { trickle } from '../storms/scenarios/trickle.ts'
import { FILTERED_BYTES } from './log-bytes.ts'
import { measure } from './measure.ts'

/** US$ for a million deliveries of which the filter drops half. */
const AIM = 8
const LOG_DAYS = 30
/** A storm's figures differ by as much as 18 % from seed to seed. */
const TOLERANCE = 0.25
const MILLION = 1e6

const NAMES = [
  ...(['changes', 'queueRequests', 'consumerInvocations', 'consumerMs', 'apiCalls'] as const),
  ...(['writeUnits', 'readUnits', 'logBytes'] as const),
]

/**
 * What a delivery uses of each service, and what a million of them cost by list prices: once in a trickle, where deliveries come one
 * by one, and once in a bulk edit, where they are worked off in batches. The cost model (`core/cost`) calculates with the same.
 */
export const costs: Bench = {
  name: 'costs',
  title: 'what a million deliveries cost, half of them filtered',
  breaks: ['wide'],
  async run({ seed, broken, note }) {
    const variation = broken === 'wide' ? BREAKS.wide : {}
    note('deliveries one by one')
    const alone = await measure(trickle, seed, variation)
    note('a bulk edit')
    const batched = await measure(bulkEdit, seed, variation)
    return [
      ...figuresOf('one by one', alone),
      ...figuresOf('in a storm', batched),
      offOf('one by one', alone, PER_DELIVERY.alone),
      offOf('in a storm', batched, PER_DELIVERY.batched),
    ]
  },
}

function figuresOf(how: string, each: PerDelivery): Figure[] {
  const lines = variableOf(halfFiltered(each), { logDays: LOG_DAYS })
  const all = MILLION * lines.reduce((sum, { cost }) => sum + cost, 0)
  const plain = { beside: null, aim: null } as const
  return [
    {
      figure: `a million deliveries, half filtered, ${how}`,
      ours: all,
      unit: 'US$',
      beside: null,
      aim: { text: `≤ ${AIM}`, holds: all <= AIM, decides: true },
    },
    ...lines.map(({ name, of, cost }) => ({
      figure: `  ${name}: ${of}`,
      ours: MILLION * cost,
      unit: 'US$' as const,
      ...plain,
    })),
    ...NAMES.map((name) => ({
      figure: `  a delivery that is not filtered: ${name}`,
      ours: each[name],
      unit: '' as const,
      ...plain,
    })),
  ]
}

function halfFiltered(each: PerDelivery): PerDelivery {
  const half = (name: keyof PerDelivery) => each[name] / 2
  return {
    changes: half('changes'),
    queueRequests: half('queueRequests'),
    consumerInvocations: half('consumerInvocations'),
    consumerMs: half('consumerMs'),
    apiCalls: half('apiCalls'),
    writeUnits: half('writeUnits'),
    readUnits: half('readUnits'),
    logBytes: half('logBytes') + FILTERED_BYTES / 2,
  }
}

/** Of how many figures the cost model takes another one than is measured. */
function offOf(how: string, measured: PerDelivery, taken: PerDelivery): Figure {
  const off = NAMES.filter((name) => Math.abs(measured[name] - taken[name]) > TOLERANCE * taken[name])
  return {
    figure: `figures of the cost model that are off by a quarter, ${how}${off.length === 0 ? '' : `: ${off.join(', ')}`}`,
    ours: off.length,
    unit: '',
    beside: null,
    aim: { text: '0', holds: off.length === 0, decides: true },
  }
}
