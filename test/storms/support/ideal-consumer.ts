import type { Bound, Scenario } from '../../../bench/storms/scenario.ts'
import type { ClickUp } from '../../../core/clickup/client.ts'
import { observationOf, taskAnswerSchema } from '../../../core/clickup/task.ts'
import { observe } from '../../../core/tasks/observe.ts'
import type { Snapshot } from '../../../core/tasks/snapshot.ts'
import { createRandom } from '../../../local/clickup/random.ts'
import { idOf } from '../../../local/start/expected.ts'
import { createVirtualClickUp } from '../../../local/virtual/clickup.ts'
import type { Published, Run } from '../../../local/virtual/run.ts'
import { createVirtualTime } from '../../../local/virtual/time.ts'

const START = Date.UTC(2026, 0, 5, 9)

/** What is wrong with a consumer that is right in all else. */
export type Flaw = {
  /** Publishes so much later than it could. */
  lateMs?: number
  /** Never publishes what comes with this number. */
  loses?: number
  /** Never learns of this field. */
  blindTo?: keyof Snapshot
  /** Asks ClickUp for the task of every delivery. */
  reads?: boolean
  quarantines?: boolean
  timesOut?: boolean
}

/** Plays a scenario before a consumer that knows the truth without asking and publishes at once, its flaws aside. */
export async function playIdeal(
  scenario: Scenario,
  { seed = 1, flaw = {}, client }: { seed?: number; flaw?: Flaw; client?: (run: Run) => ClickUp } = {},
) {
  const time = createVirtualTime(START)
  const published: Published[] = []
  const arrivals: number[] = []
  let told = 0
  let open = 0
  const tokens: string[] = []
  const read = (taskId: string) =>
    void clickup
      .fetch(`${clickup.url}/v2/task/${taskId}`, { headers: { authorization: tokens.at(-1) ?? '' } })
      .catch(() => undefined)

  function publishWhatIsNew(): void {
    const changes = clickup.log.changes()
    for (; told < changes.length; told++) {
      const change = changes[told]
      const changeId = change === undefined ? null : idOf(change)
      if (change === undefined || changeId === null || change.resource.kind !== 'task') continue
      const taskId = change.resource.id
      const receivedAt = time.now()
      if (flaw.reads) read(taskId)
      if (told === flaw.loses) continue
      open += 1
      time.schedule(receivedAt + (flaw.lateMs ?? 20), () => {
        open -= 1
        published.push({ at: time.now(), detailType: 'Task', changeId, taskId, receivedAt, degraded: false })
      })
    }
  }

  const clickup = createVirtualClickUp({
    ...{ time, seed, ...scenario.clickup },
    deliver: () => {
      arrivals.push(time.now() - START)
      publishWhatIsNew()
      return 200
    },
  })
  tokens.push(clickup.tokens.service)
  clickup.connect('https://api.invalid/webhooks/clickup/main/a')

  const snapshot = (id: string): Snapshot | null => {
    const answer = clickup.taskAnswer(id)
    const seen =
      answer === undefined
        ? ({ kind: 'missing', id, state: 'deleted', observedAt: time.now() } as const)
        : observationOf(taskAnswerSchema.parse(JSON.parse(JSON.stringify(answer))), time.now(), false)
    const known = observe(null, seen)
    return known === null || flaw.blindTo === undefined ? known : { ...known, [flaw.blindTo]: null }
  }

  const run: Run = {
    time,
    startedAt: START,
    clickup,
    random: createRandom(seed).fork(scenario.name),
    published,
    notices: [],
    sync: NO_SYNC,
    queue: {
      get accepted() {
        return arrivals.length
      },
      open: () => open,
      put: () => undefined,
      quarantined: flaw.quarantines ? 1 : 0,
      get requests() {
        return { total: arrivals.length * 2 }
      },
    },
    invocations: { begun: 0, running: 0, timedOut: flaw.timesOut ? 1 : 0, failed: 0, busyMs: 0 },
    budgetWrites: () => 0,
    metric: () => 1,
    snapshot,
    known: () => null,
    state: () => null,
    ledger: () => [],
    putToken: (token) => void tokens.push(token),
    pause: async () => unexpected(),
    resume: async () => unexpected(),
    client: () => client?.(run) ?? unexpected(),
  }
  const plot = scenario.play(run)
  const ended = await time.run({ until: START + scenario.longestMs, done: plot.isOver })
  const bounds = plot.bounds()
  return { ended, bounds, run, arrivals, failed: failedOf(bounds) }
}

const failedOf = (bounds: readonly Bound[]) => bounds.filter(({ ok }) => !ok).map(({ figure }) => figure)

/** It knows the truth, so it has nothing to look for. */
const NO_SYNC: Run['sync'] = {
  send: () => undefined,
  open: () => 0,
  failed: 0,
  invocations: { begun: 0, running: 0, timedOut: 0, failed: 0, busyMs: 0 },
  kill: () => 0,
}

const unexpected = (): never => {
  throw new Error('No worker was expected.')
}
