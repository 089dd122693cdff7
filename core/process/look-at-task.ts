import { deletionOf } from '../clickup/changes.ts'
import type { Json } from '../platform/json.ts'
import { differences } from '../tasks/differences.ts'
import { baseline, factsOfSnapshot } from '../tasks/known.ts'
import { outcomeOf } from './defer.ts'
import { readTask } from './read.ts'
import type { Hint, Seen } from './seen.ts'
import type { Services } from './services.ts'
import { taskChangeOf } from './task-change.ts'

/** Reads a task, puts its snapshot, and says what of it no change explains. */
export async function lookAtTask({ resource, receivedAt }: Hint, services: Services): Promise<Seen> {
  const { clickup, clock, connection, tasks } = services
  const read = await readTask(clickup, resource.id, { connection, now: clock.now() })
  if (read.kind === 'fault') return { kind: 'blocked', outcome: outcomeOf(read.fault, clock.now()) }
  const stored = (await tasks.load(connection.name, [resource.id])).get(resource.id)?.snapshot ?? null
  const task = await tasks.record(connection.name, read.observation, stored)
  if (task.state === 'deleted') {
    const changes = [deletionOf(resource, task.incarnation, { connection, receivedAt })]
    return { kind: 'seen', first: baseline(new Map()), changesSince: () => changes }
  }
  const facts = task.state === 'outOfSight' ? new Map<string, Json>() : factsOfSnapshot(task)
  return {
    kind: 'seen',
    first: baseline(facts),
    // The first look at a task has nothing to compare with: what it sees is where the ledger begins.
    changesSince: (known) =>
      known === null || facts.size === 0
        ? []
        : differences(known, facts).map((each) => taskChangeOf(each, { task, known, connection, receivedAt })),
  }
}
