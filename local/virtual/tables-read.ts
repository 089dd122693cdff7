import { type Recorded, readItem } from '../../core/ledger/history.ts'
import { PK, resourceKey, SK, stateKey } from '../../core/platform/tables.ts'
import { type Known, knownSchema } from '../../core/tasks/known.ts'
import { KNOWN_SK } from '../../core/tasks/known-store.ts'
import { type Snapshot, snapshotSchema } from '../../core/tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import type { VirtualAws } from './aws/aws.ts'
import { TABLES } from './aws/tables.ts'
import { CONNECTION } from './environment.ts'
import type { Run } from './run.ts'

/** What the tables hold, looked at from outside. */
export function readingOf({
  dynamo,
}: VirtualAws): Pick<Run, 'snapshot' | 'known' | 'state' | 'ledger' | 'budgetWrites'> {
  const ofTask = (taskId: string, sk: string) =>
    dynamo.item(TABLES.tasks, { [PK]: resourceKey(CONNECTION, 'task', taskId), [SK]: sk })
  return {
    snapshot: (taskId) => snapshotOrNull(ofTask(taskId, SNAPSHOT_SK)),
    known: (taskId) => knownOrNull(ofTask(taskId, KNOWN_SK)),
    state: (thing) => dynamo.item(TABLES.state, { [PK]: stateKey(CONNECTION, thing) }) ?? null,
    ledger: () => dynamo.items(TABLES.ledger).flatMap(recorded),
    budgetWrites: () => dynamo.counts(TABLES.state, stateKey(CONNECTION, 'upstream')).writes,
  }
}

type Item = Record<string, unknown>

const snapshotOrNull = (item: Item | undefined): Snapshot | null => (item ? snapshotSchema.parse(item) : null)
const knownOrNull = (item: Item | undefined): Known | null => (item ? knownSchema.parse(item) : null)

function recorded(item: Item): Recorded[] {
  const read = readItem(item)
  return read.kind === 'done' ? [read.change] : []
}
