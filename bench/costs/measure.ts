import type { PerDelivery } from '../../core/cost/measured.ts'
import type { Run } from '../../local/virtual/run.ts'
import type { Variation } from '../../local/virtual/variation.ts'
import type { Scenario } from '../storms/scenario.ts'
import { simulate } from '../storms/simulate.ts'
import { ACCESS_BYTES, bytesOf, CONSUMER_METRICS_BYTES, PLATFORM_BYTES, VERIFIER_METRICS_BYTES } from './log-bytes.ts'
import { unitsOf } from './table-units.ts'

/**
 * Plays a storm with the functions' own code in virtual time, and tells what each delivery used of each service.
 * @param broken what is broken on purpose, but for what stands between the functions and AWS
 * @throws Error when the storm did not end as it must
 */
export async function measure(scenario: Scenario, seed: number, broken: Variation = {}): Promise<PerDelivery> {
  const kept: { run?: Run } = {}
  const used = { write: 0, read: 0, logBytes: 0 }
  const result = await simulate(
    {
      ...scenario,
      play(run) {
        kept.run = run
        return scenario.play(run)
      },
    },
    {
      seed,
      variation: {
        ...broken,
        async through(call, next) {
          if (!call.service.startsWith('DynamoDB')) return next(call)
          try {
            const output = await next(call)
            const { write, read } = unitsOf(call, output)
            used.write += write
            used.read += read
            return output
          } catch (error) {
            // A write whose condition does not hold is billed like one that does.
            used.write += 1
            throw error
          }
        },
      },
      onLine: (line) => {
        used.logBytes += bytesOf(line)
      },
    },
  )
  if (kept.run === undefined || !result.ok) throw new Error(`${scenario.name} did not end well: nothing was measured.`)
  const { queue, invocations, published, clickup } = kept.run
  const deliveries = queue.accepted
  const each = (amount: number) => Number((amount / deliveries).toPrecision(3))
  const { total, emptyReceives = 0 } = queue.requests
  return {
    changes: each(published.length),
    queueRequests: each(total - emptyReceives),
    consumerInvocations: each(invocations.begun),
    consumerMs: each(invocations.busyMs),
    apiCalls: each(clickup.calls.length),
    writeUnits: each(used.write),
    readUnits: each(used.read),
    logBytes: each(
      used.logBytes +
        deliveries * (ACCESS_BYTES + PLATFORM_BYTES + VERIFIER_METRICS_BYTES) +
        invocations.begun * (PLATFORM_BYTES + CONSUMER_METRICS_BYTES),
    ),
  }
}
