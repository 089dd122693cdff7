import type { Connection } from '../../platform/connections.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import { isGone, type Snapshot } from '../../tasks/snapshot.ts'
import { outcomeOf } from '../defer.ts'
import { readTask } from '../expansion/read.ts'
import type { Services } from '../services.ts'
import type { Outcome } from '../work.ts'
import { tooEarly } from './seen.ts'

export type Life = { kind: 'known'; snapshot: Snapshot | null } | { kind: 'blocked'; outcome: Outcome }

/**
 * The snapshot by which a told deletion finds out which life it has ended. ClickUp neither dates nor numbers a deletion, and may
 * deliver it minutes late: of a task that was gone once and is back, it may tell of the first end or of a second. One read tells.
 */
export async function whichLife(
  id: string,
  snapshot: Snapshot | null,
  toldAt: number,
  services: Pick<Services, 'clickup' | 'clock' | 'tasks' | 'reading'> & { connection: Connection },
): Promise<Life> {
  const isPlain = snapshot === null || isGone(snapshot.state) || snapshot.incarnation === 0
  if (isPlain || snapshot.observedAt > toldAt + READ_LAG_MS) return { kind: 'known', snapshot }
  const { clickup, clock, connection, tasks, reading } = services
  const early = tooEarly({ receivedAt: toldAt }, clock.now(), reading)
  if (early !== null) return { kind: 'blocked', outcome: early }
  const read = await readTask(clickup, id, { connection, now: clock.now() })
  // An answer that nobody can read says nothing of it, and never will: the deletion is taken for what it most likely is.
  if (read.kind === 'fault' && read.fault.kind === 'invalid') return { kind: 'known', snapshot }
  if (read.kind === 'fault') return { kind: 'blocked', outcome: outcomeOf(read.fault, clock.now()) }
  return { kind: 'known', snapshot: await tasks.record(connection.name, read.observation, snapshot) }
}
