import { parseArgs } from 'node:util'
import { PER_DELIVERY, type PerDelivery } from '../core/cost/measured.ts'
import { measure } from './costs/measure.ts'
import { BREAKS } from './storms/breaks.ts'
import { bulkEdit } from './storms/scenarios/bulk-edit.ts'
import { trickle } from './storms/scenarios/trickle.ts'

/**
 * What a delivery uses of each service, as the cost model takes it (`core/cost/measured.ts`): once in a trickle, where deliveries
 * come one by one, and once in a bulk edit, where they are worked off in batches. Fails when a figure is more than a quarter off
 * what the model takes for it: a storm's figures differ by as much as 18 % from seed to seed.
 *
 *     node bench/costs.ts [--seed N] [--break wide] [--json]
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    break: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const TOLERANCE = 0.25

const seed = Number(values.seed)
if (values.break !== undefined && values.break !== 'wide') throw new Error(`--break knows wide, not ${values.break}`)
const broken = values.break === 'wide' ? BREAKS.wide : {}
const result = await measured().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
const off = (['alone', 'batched'] as const).flatMap((way) => deviations(way, result[way], PER_DELIVERY[way]))
if (values.json) console.log(JSON.stringify({ seed, ...result, off }))
else {
  console.table(result)
  for (const line of off) console.error(line)
}
if (off.length > 0) process.exitCode = 1

async function measured() {
  return { alone: await measure(trickle, seed, broken), batched: await measure(bulkEdit, seed, broken) }
}

function deviations(way: string, measured: PerDelivery, taken: PerDelivery): string[] {
  const names = ['changes', 'queueRequests', 'consumerInvocations', 'consumerMs', 'apiCalls'] as const
  const more = ['writeUnits', 'readUnits', 'logBytes'] as const
  return [...names, ...more].flatMap((name) =>
    Math.abs(measured[name] - taken[name]) > TOLERANCE * taken[name]
      ? [`${way}: ${name} is ${measured[name]}, and the model takes ${taken[name]}`]
      : [],
  )
}
