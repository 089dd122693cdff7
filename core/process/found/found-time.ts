import { createHash } from 'node:crypto'
import { ownChange } from '../../clickup/changes.ts'
import type { Change } from '../../ledger/change.ts'
import { canonical } from '../../platform/json.ts'
import { timePart } from '../../platform/tables.ts'
import { revisionOf, type TimeEntry } from '../../tasks/time-entry.ts'
import { type TimeChange, timeChanges } from '../../tasks/worklog-differences.ts'
import type { Services } from '../services.ts'
import type { Found, FoundTime } from './found.ts'

/** A change of a task's time, and the entry as it stands after it. */
type TimeFound = { change: Change; entry: TimeEntry }

/**
 * Makes changes of time entries that differ from what was told of them; what makes none (without a task, running, found by a
 * backfill) is recorded at once. What was written later than `until` is left to its delivery.
 */
export async function hearTime(time: FoundTime, found: Found, services: Services): Promise<TimeFound[]> {
  const gone = time.gone.map((before) => ({
    before,
    after: { ...before, deleted: true, running: false, changedAt: time.asOf },
  }))
  const changes: TimeFound[] = []
  for (const each of [...time.differing, ...gone]) changes.push(...(await hearEntry(each, found, services)))
  return changes
}

type Differing = { before: TimeEntry | null; after: TimeEntry }

async function hearEntry({ before, after }: Differing, found: Found, services: Services): Promise<TimeFound[]> {
  const { worklog, connection } = services
  // What was written before all that is accounted for is history that nobody has read yet.
  const isHistory = before === null && after.changedAt <= found.since
  const told = found.origin === 'backfill' || isHistory ? [] : timeChanges(before, after)
  if (told.length > 0 && after.changedAt > found.until && !after.deleted) return []
  const changes = told.map((each) => changeOf(each, after, found, services))
  const by = changes.at(-1)?.id ?? `found at ${timePart(found.observedAt)}`
  const entry = { ...after, revision: revisionOf(after.changedAt, { deleted: after.deleted, by }) }
  if (changes.length === 0) {
    await worklog.record(connection.name, entry)
    return []
  }
  return (await isTold(entry, services)) ? [] : changes.map((change) => ({ change, entry }))
}

/** Whether a delivery has told of it since it was found. What we ourselves have recorded says only that we had begun. */
async function isTold(entry: TimeEntry, { worklog, connection }: Services): Promise<boolean> {
  const stored = await worklog.load(connection.name, entry.entryId)
  return stored !== null && stored.revision !== entry.revision && timeChanges(stored, entry).length === 0
}

function changeOf({ taskId, values }: TimeChange, after: TimeEntry, found: Found, { connection }: Services): Change {
  const at = after.changedAt
  const content = createHash('sha256')
    .update(canonical([values.before, values.after]))
    .digest('hex')
  const own = ownChange({
    connection,
    resource: { kind: 'task', id: taskId },
    field: 'time_spent',
    origin: `time entry ${after.entryId} ${content}`,
    version: 0,
    at,
    receivedAt: found.observedAt,
  })
  const atEarliest = found.since > 0 && found.since < at ? found.since : at
  return { ...own, ...values, order: timePart(at), atEarliest, origin: 'sweep' }
}
