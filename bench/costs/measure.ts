import type { PerDelivery } from '../../core/cost/measured.ts'
import type { Run } from '../../local/virtual/run.ts'
import type { Variation } from '../../local/virtual/variation.ts'
import type { Scenario } from '../storms/scenario.ts'
import { simulate } from '../storms/simulate.ts'
import { createMeter } from '../write-units/meter.ts'
import { ACCESS_BYTES, bytesOf, CONSUMER_METRICS_BYTES, PLATFORM_BYTES, VERIFIER_METRICS_BYTES } from './log-bytes.ts'

/**
 * Plays a storm with the functions' own code in virtual time, and tells what each delivery used of each service.
 * @param broken what is broken on purpose, but for what stands between the functions and AWS
 * @throws Error when the storm did not end as it must, unless that is what was broken
 */
export async function measure(scenario: Scenario, seed: number, broken: Variation = {}): Promise<PerDelivery> {
  const kept: { run?: Run } = {}
  const meter = createMeter()
  let logBytes = 0
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
      variation: { ...broken, through: meter.through },
      onLine: (line) => {
        logBytes += bytesOf(line)
      },
    },
  )
  if (kept.run === undefined || (!result.ok && Object.keys(broken).length === 0))
    throw new Error(`${scenario.name} did not end well: nothing was measured.`)
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
    writeUnits: each(meter.bill().write),
    readUnits: each(meter.bill().read),
    logBytes: each(
      logBytes +
        deliveries * (ACCESS_BYTES + PLATFORM_BYTES + VERIFIER_METRICS_BYTES) +
        invocations.begun * (PLATFORM_BYTES + CONSUMER_METRICS_BYTES),
    ),
  }
}
