import type { Recorded } from '../../../core/ledger/history.ts'
import { canonical } from '../../../core/platform/json.ts'
import { factsOfSnapshot } from '../../../core/tasks/facts.ts'
import type { Run } from '../../virtual/run.ts'
import type { Outcome, Play } from '../subject.ts'
import { doublesIn, wrongSnapshots } from './facts.ts'
import type { SmallWorkspace } from './sync-stage.ts'

/** The task that was read at last tells under an id that holds when it was first published without: it is judged apart. */
const EXPANDED = 'Task Expanded'

/** Somebody may be about to do something of which no queue knows. */
const RESTS_MS = 10_000

/** A play that is over when its last act is past and nothing is left on the way. */
export function consumerPlay(
  { run }: SmallWorkspace,
  { lastAct, longest, disturbedFrom = 0 }: { lastAct: number; longest: number; disturbedFrom?: number },
  taskIds: () => readonly string[] = () => run.clickup.taskIds,
): Play {
  const { startedAt, sync, queue, invocations, clickup, time } = run
  let restingSince: number | null = null
  return {
    run,
    disturbedFrom: startedAt + disturbedFrom,
    longestUntil: startedAt + longest,
    isAtRest() {
      const isResting =
        time.now() > startedAt + lastAct &&
        queue.open() + invocations.running + clickup.undelivered() + sync.open() + sync.invocations.running === 0
      restingSince = isResting ? (restingSince ?? time.now()) : null
      return restingSince !== null && time.now() - restingSince >= RESTS_MS
    },
    outcome: () => outcomeOf(run, taskIds()),
  }
}

/** All that has come of a batch, without what depends on when it was worked off or by whom. */
function outcomeOf(run: Run, taskIds: readonly string[]): Outcome {
  const ids = new Set(run.ledger().map(({ id }) => id))
  const told = new Set(run.published.flatMap((event) => (event.detailType === EXPANDED ? [] : event.changeId)))
  return {
    ledger: Object.fromEntries(run.ledger().map((change) => [nameOf(change), factOf(change)])),
    doubles: doublesIn(run),
    unpublished: [...ids].filter((id) => !told.has(id)),
    strangers: [...told].filter((id) => !ids.has(id)),
    unpaid: unpaidIn(run),
    known: Object.fromEntries(taskIds.map((id) => [id, knownOf(run, id)])),
    snapshots: Object.fromEntries(taskIds.map((id) => [id, snapshotOf(run, id)])),
    wrongSnapshots: wrongSnapshots(run, taskIds),
    open: run.queue.open(),
  }
}

/**
 * The id of what a sweep has found says from which knowledge it was found, and that may be an earlier or a later one: it is told
 * by what it says. All else has the same id whatever happens.
 */
function nameOf({ id, origin, toldBy, resource, field, after }: Recorded): string {
  const isSwept = origin === 'sweep' || toldBy !== undefined
  return `${resource.kind} ${resource.id} ${field} ${isSwept ? canonical(after) : id}`
}

const factOf = ({ origin, before, after, actor, toldBy, customField }: Recorded) => ({
  ...{ origin, before, after, actor: actor?.id ?? null, toldBy: toldBy ?? null },
  customField: customField?.id ?? null,
})

/** Tasks of which something was published without them, and that nobody has heard of since. */
function unpaidIn({ published }: Run): string[] {
  const without = new Map<string, number>()
  for (const { taskId, degraded, at } of published) if (degraded && taskId !== null) without.set(taskId, at)
  return [...without].flatMap(([id, at]) =>
    published.some((each) => each.taskId === id && each.detailType === EXPANDED && each.at >= at) ? [] : id,
  )
}

/** What is accounted of the task, by field, and what is still to be told of it. */
function knownOf(run: Run, taskId: string) {
  const known = run.known(taskId)
  if (known === null) return null
  const { fields, outbox, owedSince, begun, hops, suspects } = known
  const values = Object.entries(fields).map(([key, { value, at }]) => [key, { value, at }] as const)
  return {
    fields: Object.fromEntries(values),
    ...{ outbox: outbox.length, owed: owedSince > 0, begun, hops: hops.length, suspects: Object.keys(suspects) },
  }
}

function snapshotOf(run: Run, taskId: string) {
  const snapshot = run.snapshot(taskId)
  if (snapshot === null) return null
  return { state: snapshot.state, incarnation: snapshot.incarnation, ...Object.fromEntries(factsOfSnapshot(snapshot)) }
}
