import { type Clock, systemClock } from '../../core/platform/clock.ts'
import { createApi } from './api/api.ts'
import type { Api } from './api/exchange.ts'
import { renderSingleTask } from './api/render/task.ts'
import { createTaskListing } from './api/task-listing.ts'
import { growOld } from './demo/old-workspace.ts'
import { SERVICE_ACCOUNT, WORKSPACE_NAME } from './demo/words.ts'
import { buildDemoWorkspace } from './demo/workspace.ts'
import { type Faults, noFaults } from './faults.ts'
import { createIds } from './ids.ts'
import { createLog, type LogWriter } from './log.ts'
import { createRandom } from './random.ts'
import type { Plan } from './rate-limit.ts'
import { systemTimers, type Timers } from './timers.ts'
import { createTokens } from './tokens.ts'
import { hears } from './webhooks/audience.ts'
import { bodyFor } from './webhooks/body.ts'
import { createFortunes } from './webhooks/fortune.ts'
import type { Poster } from './webhooks/post.ts'
import { createRegistry, type Registry } from './webhooks/registry.ts'
import { createSender } from './webhooks/sender.ts'
import { createWorld, type World } from './world/world.ts'

export type FakeOptions = {
  seed: number
  plan?: Plan
  /** The machine's clock; ClickUp's is this one and the skew. */
  clock?: Clock
  timers?: Timers
  faults?: Partial<Faults>
  /** With false the workspace has its service account and nothing else. */
  demo?: boolean
  /** Of the demo workspace's lists, so many tasks each at the most. */
  mostInAList?: number
  /** So many more tasks in the lists of the demo workspace, over 90 days and older. A hundred thousand take seconds. */
  tasks?: number
  /** So many time entries on those, over all its people. */
  timeEntries?: number
  /** How deliveries travel. */
  poster: Poster
}

/** A ClickUp in this process: a world, an API that is a function, and deliveries that go to a poster. */
export type FakeInProcess = {
  readonly api: Api
  readonly world: World
  /** `service` is Hookline's; the others stand under their users' first names in lower case. */
  readonly tokens: { readonly service: string; readonly [user: string]: string }
  readonly workspaceId: string
  /** The switches: set them while it runs. */
  readonly faults: Faults
  readonly log: LogWriter
  readonly webhooks: Registry
  issueToken(userId: number): string
  issueOAuthToken(userId: number): string
  revokeToken(token: string): void
  /** What a single read of the task would answer that does not lag; undefined if the task is not there. */
  taskAnswer(taskId: string): unknown
  /** Resolves when no delivery is queued, in flight or waiting for another try. */
  idle(): Promise<void>
  /** How many are. */
  undelivered(): number
  close(): void
}

export function createFakeClickUp(options: FakeOptions): FakeInProcess {
  const { seed, poster, plan = 'Unlimited', clock = systemClock, timers = systemTimers } = options
  const faults: Faults = { ...noFaults(), ...options.faults }
  const random = createRandom(seed)
  const log = createLog(clock)
  const now = () => clock.now() + faults.clockSkewMs
  // Ids of past things carry past times.
  const ids = createIds(random.fork('ids'), () => world.now())
  const registry = createRegistry({ ids, faults, log })
  const fortune = createFortunes(faults, random.fork('fortunes'))
  const sender = createSender({ registry, faults, log, random: random.fork('deliveries'), poster, timers })

  const world = createWorld({
    workspace: { id: ids.place(), name: WORKSPACE_NAME, color: '#0091ff' },
    ids,
    random: random.fork('world'),
    now,
    habits: faults,
    onMutation: (mutation) => {
      const own = fortune()
      for (const { emission, changes } of log.mutation(mutation)) {
        let body: ((webhookId: string) => Buffer) | undefined
        for (const webhook of registry.all()) {
          if (!hears(world, webhook, emission)) continue
          body ??= bodyFor(emission, world.workspace.id)
          sender.send(webhook, emission, body(webhook.id), changes, own)
        }
      }
    },
  })
  const service = world.inThePast(now() - 400 * 86_400_000, () => world.addUser(SERVICE_ACCOUNT))
  if (options.demo ?? true) buildDemoWorkspace(world, random.fork('demo'), options.mostInAList)
  const { tasks = 0, timeEntries = 0 } = options
  if (tasks > 0) growOld(world, random.fork('old'), { tasks, timeEntries })

  const tokens = createTokens(ids, world)
  const issued: Record<string, string> = {}
  for (const user of world.users()) {
    if (user.id !== service.id) issued[user.username.split(' ')[0]?.toLowerCase() ?? ''] = tokens.issue(user.id)
  }
  const given = { ...issued, service: tokens.issue(service.id) }

  const listing = createTaskListing(world, faults, seed)
  const api = createApi({
    ...{ world, tokens, registry, listing, faults, log, plan, clock, timers },
    serviceToken: given.service,
    random: random.fork('calls'),
  })

  return {
    api,
    world,
    tokens: given,
    workspaceId: world.workspace.id,
    faults,
    log,
    webhooks: registry,
    issueToken: tokens.issue,
    issueOAuthToken: tokens.issueOAuthToken,
    revokeToken: tokens.revoke,
    taskAnswer: (taskId) => {
      const task = world.task(taskId)
      const located = task && world.locate(task)
      return located && renderSingleTask(world, located, listing.isArchived(taskId, located.task.archived))
    },
    idle: sender.idle,
    undelivered: sender.pending,
    close: sender.close,
  }
}
