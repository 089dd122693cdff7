import * as z from 'zod'
import type { Json } from '../../core/platform/json.ts'
import { comparable as comparableField } from '../../core/tasks/comparable.ts'
import { differences, isSame } from '../../core/tasks/differences.ts'
import { factsOfSnapshot } from '../../core/tasks/facts.ts'
import type { Known } from '../../core/tasks/known.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import { type Findings, noFindings, shown } from './findings.ts'
import type { Stored } from './stored.ts'
import { asJson, snapshotNow, type Watched } from './witness.ts'

/** Ours alone, or counted by us. */
const OURS = new Set(['observedAt', 'version', 'incarnation', 'backAt'])

export function judgeSnapshots(
  { snapshots, known }: Stored,
  clickup: Watched,
  sees: (taskId: string) => boolean,
): Findings {
  const findings = noFindings()
  const living = clickup.world.tasks()
  const died = new Set(clickup.log.changes().flatMap(({ kind, resource }) => (kind === 'deletion' ? resource.id : [])))
  for (const { id } of living) {
    const [real, stored] = [snapshotNow(clickup, id), snapshots.get(id)]
    if (real === null) continue
    findings.compared += 1
    if (!sees(id)) {
      // One that was deleted and restored may have gone out of sight before anybody saw it again.
      if (stored?.state === 'deleted' && !died.has(id))
        findings.extra.push(`task ${id} is out of sight and stored as deleted`)
    } else if (stored === undefined) findings.missing.push(`task ${id} is not stored`)
    else findings.missing.push(...differencesOf(real, stored), ...unaccounted(real, known.get(`task#${id}`)))
  }
  const alive = new Set(living.map(({ id }) => id))
  for (const [id, { state }] of snapshots) {
    if (alive.has(id) || state === 'deleted' || !sees(id)) continue
    findings.extra.push(`task ${id} is deleted and stored as ${state}`)
  }
  return findings
}

function differencesOf(real: Snapshot, stored: Snapshot): string[] {
  const its = new Map<string, unknown>(Object.entries(stored))
  return Object.entries(real).flatMap(([key, value]) => {
    if (OURS.has(key)) return []
    const [is, was] = [comparable(key, value), comparable(key, its.get(key))]
    return isSame(is, was) ? [] : [`task ${real.id}: ${key} is ${shown(is)} and stored as ${shown(was)}`]
  })
}

/** What is accounted for leads to what is there, also where the ledger tells nothing of a field. */
function unaccounted(real: Snapshot, known: Known | undefined): string[] {
  if (known === undefined) return [`task ${real.id}: nothing of it is accounted for`]
  return differences(known, factsOfSnapshot(real)).map(
    ({ key, before, after }) => `task ${real.id}: ${key} is ${shown(after)} and accounted for as ${shown(before)}`,
  )
}

/** No time at all is said as 0 and by saying nothing. */
function comparable(key: string, value: unknown): Json {
  if (key === 'timeSpentMs') return asJson(value || null)
  return asJson(key === 'customFields' ? fieldsSchema.parse(value ?? []).map(unlessWorkedOut) : value)
}

const fieldsSchema = z.array(z.looseObject({ type: z.string(), value: z.json() }))

/** What ClickUp works out of other tasks and fields changes without the task, and nobody tells of it: it is as it was when last read. */
const unlessWorkedOut = ({ type, value, ...field }: z.infer<typeof fieldsSchema>[number]) => ({
  ...field,
  type,
  value: comparableField(type, value) === undefined ? null : value,
})

export function judgeMembers({ members }: Stored, { world }: Watched): Findings {
  const findings = noFindings()
  const known = new Map(members.map((member) => [member.id, member]))
  for (const { id, username, role } of world.users()) {
    findings.compared += 1
    const its = known.get(String(id))
    known.delete(String(id))
    if (its === undefined) findings.missing.push(`member ${id} is not stored`)
    else if (its.name !== username || its.role !== role)
      findings.missing.push(`member ${id} is ${username} (${role}) and stored as ${its.name} (${its.role})`)
  }
  for (const { id, name } of known.values()) findings.extra.push(`member ${id} (${name}) is stored and has left`)
  return findings
}

/** A sweep compares entries that began so lately; it looks back from its own beginning. */
const COMPARED_MS = 29 * 86_400_000

/** Entries are compared as far back as a sweep lists them, and those of tasks that our token sees. */
export function judgeTime({ time }: Stored, { world }: Watched, sees: (taskId: string) => boolean): Findings {
  const findings = noFindings()
  const byId = Map.groupBy(
    time.filter(({ deleted }) => !deleted),
    ({ entryId }) => entryId,
  )
  const isSeen = (taskId: string | null) => taskId === null || (world.task(taskId) !== undefined && sees(taskId))
  const isCompared = (startAt: number | null) => startAt !== null && startAt >= world.now() - COMPARED_MS
  for (const entry of world.store.timeEntries.values()) {
    const [its, ...others] = byId.get(entry.id) ?? []
    byId.delete(entry.id)
    if (!isSeen(entry.taskId) || !isCompared(entry.start)) continue
    findings.compared += 1
    if (others.length > 0) findings.extra.push(`time entry ${entry.id} is stored ${others.length + 1} times`)
    const { taskId, start: startAt, end: endAt } = entry
    const real = {
      taskId,
      userId: String(entry.userId),
      startAt,
      endAt,
      durationMs: endAt === null ? null : endAt - startAt,
    }
    const stored = its && {
      ...{ taskId: its.taskId, userId: its.userId, startAt: its.startAt, endAt: its.endAt, durationMs: its.durationMs },
    }
    if (stored === undefined) findings.missing.push(`time entry ${entry.id} ${shown(real)} is not stored`)
    else if (!isSame(real, stored))
      findings.missing.push(`time entry ${entry.id} is ${shown(real)} and stored as ${shown(stored)}`)
  }
  for (const [id, [entry]] of byId)
    if (entry !== undefined && isSeen(entry.taskId) && isCompared(entry.startAt))
      findings.extra.push(`time entry ${id} is deleted and stored as ${shown(entry)}`)
  return findings
}
