import { check, type Verdict } from './check.ts'
import { expectedOf } from './expected.ts'
import { type Figures, figuresOf } from './figures.ts'
import { quiet } from './quiet.ts'
import { playScenario } from './scenario.ts'
import { depthOf, subscribe } from './subscriber.ts'
import type { LocalSystem } from './system.ts'
import { until } from './until.ts'

/** What one run comes to. */
export type Report = Verdict & Figures & { seed: number; quarantined: number }

/** For one round of the scenario to be through: a machine that is this slow shows nothing. */
const DEADLINE_MS = 60_000
/** What was published too often, or by mistake, comes late: so long nothing more may arrive before it counts as all. */

/** Plays the scenario in a system with a fake ClickUp, and compares what came out with what happened. */
export async function runOnce(
  system: LocalSystem,
  { seed, changes, onRound }: { seed: number; changes: number; onRound?: (changes: number) => void },
): Promise<Report> {
  const { clickup, clients, details } = system
  if (clickup === null) throw new Error('Only the fake ClickUp has a log to compare with')
  const subscriber = await subscribe(clients, { name: 'hookline-check', busName: details.busName })
  try {
    const since = clickup.log.next()
    await playScenario(clickup, {
      seed,
      changes,
      drained: async () => {
        await drained(system, clickup)
        onRound?.(clickup.log.changes().length)
      },
    })
    await quiet(subscriber)
    const truth = clickup.log.changes()
    const arrivals = subscriber.arrivals()
    return {
      seed,
      ...check(expectedOf(truth), arrivals, subscriber.unreadable()),
      ...figuresOf(truth, clickup.log.entries(since), arrivals),
      quarantined: await depthOf(clients.sqs, details.queues.quarantine),
    }
  } finally {
    await subscriber.close()
  }
}

/** Waits until ClickUp has nothing more to send and the queue is empty: a message leaves it after its changes are published. */
async function drained({ clients, details }: LocalSystem, clickup: { idle(): Promise<void> }): Promise<void> {
  await clickup.idle()
  const isEmpty = async () => (await depthOf(clients.sqs, details.queues.deliveries)) === 0
  await until(async () => ((await isEmpty()) ? true : undefined), {
    what: 'the deliveries queue to become empty',
    deadlineMs: DEADLINE_MS,
    everyMs: 50,
  })
}
