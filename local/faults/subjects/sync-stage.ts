import type { Faults } from '../../clickup/faults.ts'
import { createRandom } from '../../clickup/random.ts'
import { inApp } from '../../clickup/world/mutation.ts'
import { unaccounted } from '../../virtual/accounted.ts'
import { createMachine, type MachineOptions } from '../../virtual/machine.ts'
import type { Run } from '../../virtual/run.ts'
import type { Given, Outcome, Play } from '../subject.ts'
import { doublesIn, ledgerOf, publishedOf, wrongSnapshots } from './facts.ts'
import { gapsOf } from './gaps.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
/** Of people's own, beside the few of the demo workspace. */
const TASKS = 6

/** A small workspace, so that a run takes milliseconds: what is done in it once is done in a large one often. */
export function smallWorkspace(
  { seed, ...given }: Given,
  {
    faults: more = {},
    ...options
  }: Pick<MachineOptions, 'hasWebhook' | 'verifiers'> & { faults?: Partial<Faults> } = {},
) {
  const faults = { latencyMs: { min: 100, max: 300 }, pageLatencyMs: { min: 300, max: 500 }, ...more }
  const run = createMachine({
    ...{ seed, ...given, ...options, random: createRandom(seed).fork('faults') },
    clickup: { tasks: TASKS, mostInAList: 1, faults },
  })
  const { world, taskIds } = run.clickup
  const [first] = world.users().filter(({ bot }) => !bot)
  if (first === undefined) throw new Error('Nobody is at work.')
  const somebody = inApp(first.id)
  return {
    run,
    somebody,
    /** The task with that number among those that people work on. */
    task: (number: number) => taskIds[number] ?? '',
    /** Does something of which ClickUp tells nobody. */
    unheard(act: () => void): void {
      run.clickup.faults.lostChanges = 1
      act()
      run.clickup.faults.lostChanges = 0
    },
    at: (ms: number, act: () => void) => void run.time.schedule(run.startedAt + ms, act),
    /** One status after the other, so that each time it is another. */
    nextStatus(taskId: string): void {
      const task = world.task(taskId)
      const list = task && world.store.lists.get(task.listId)
      if (task === undefined || list === undefined) return
      const others = world
        .statusesOf(list)
        .filter(({ status, type }) => status !== task.status.status && type !== 'closed')
      const [other] = others
      if (other !== undefined) world.setStatus(somebody, taskId, other.status)
    },
  }
}
export type SmallWorkspace = ReturnType<typeof smallWorkspace>

/** A play that is over when its last act is past and no job or message is left. */
export function syncPlay(
  { run }: SmallWorkspace,
  times: { disturbedFrom: number; disturbedUntil: number; lastAct: number; longest: number },
  more: () => Outcome,
): Play {
  const { startedAt, sync, queue, invocations, clickup, time } = run
  const lastAct = startedAt + times.lastAct
  return {
    run,
    disturbedFrom: startedAt + times.disturbedFrom,
    disturbedUntil: startedAt + times.disturbedUntil,
    longestUntil: startedAt + times.longest,
    isAtRest: () =>
      time.now() > lastAct &&
      sync.open() + sync.invocations.running + queue.open() + invocations.running + clickup.undelivered() === 0,
    outcome: () => ({ ...syncOutcome(run), ...more() }),
  }
}

function syncOutcome(run: Run): Outcome {
  const { clickup, sync } = run
  return {
    ledger: ledgerOf(run),
    doubles: doublesIn(run),
    published: publishedOf(run),
    wrongSnapshots: wrongSnapshots(run, clickup.taskIds),
    unaccounted: unaccounted(run, clickup.taskIds, Number.POSITIVE_INFINITY),
    gaps: gapsOf(run),
    open: { deliveries: run.queue.open(), jobs: sync.open(), failedJobs: sync.failed },
  }
}
