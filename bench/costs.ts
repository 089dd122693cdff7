import { parseArgs } from 'node:util'
import { measure } from './costs/measure.ts'
import { bulkEdit } from './storms/scenarios/bulk-edit.ts'
import { trickle } from './storms/scenarios/trickle.ts'

/**
 * What a delivery uses of each service, as the cost model takes it (`core/cost/measured.ts`): once in a trickle, where deliveries
 * come one by one, and once in a bulk edit, where they are worked off in batches.
 *
 *     node bench/costs.ts [--seed N] [--json]
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
})
const seed = Number(values.seed)
const result = { alone: await measure(trickle, seed), batched: await measure(bulkEdit, seed) }
if (values.json) console.log(JSON.stringify(result))
else console.table(result)
