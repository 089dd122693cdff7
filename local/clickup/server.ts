import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../core/platform/clock.ts'
import { createApi } from './api/api.ts'
import { createControl } from './api/control.ts'
import { createTaskListing } from './api/task-listing.ts'
import { SERVICE_ACCOUNT, WORKSPACE_NAME } from './demo/words.ts'
import { buildDemoWorkspace } from './demo/workspace.ts'
import { type Faults, noFaults } from './faults.ts'
import { createIds } from './ids.ts'
import { createLog, type TruthLog } from './log.ts'
import { createRandom } from './random.ts'
import type { Plan } from './rate-limit.ts'
import { createTokens } from './tokens.ts'
import { hears } from './webhooks/audience.ts'
import { bodyFor } from './webhooks/body.ts'
import { createRegistry } from './webhooks/registry.ts'
import { createSender } from './webhooks/sender.ts'
import { createWorld, type World } from './world/world.ts'

export type FakeClickUp = {
  /** The base for `CLICKUP_API_URL`, as `http://127.0.0.1:4010/api`; paths begin with `/v2`. */
  readonly url: string
  readonly world: World
  /** `service` is Hookline's; the others stand under their users' first names in lower case. */
  readonly tokens: { readonly service: string; readonly [user: string]: string }
  readonly workspaceId: string
  /** The switches: set them while it runs. */
  readonly faults: Faults
  readonly log: TruthLog
  issueToken(userId: number): string
  revokeToken(token: string): void
  /** Resolves when no delivery is queued, in flight or waiting for another try. */
  idle(): Promise<void>
  close(): Promise<void>
}

export type FakeClickUpOptions = {
  seed: number
  /** Free by default. */
  port?: number
  plan?: Plan
  /** The machine's clock; ClickUp's is this one and the skew. */
  clock?: Clock
  faults?: Partial<Faults>
  /** With false the workspace has its service account and nothing else. */
  demo?: boolean
}

/** A ClickUp on the loopback. @throws Error if the port is taken */
export async function startFakeClickUp(options: FakeClickUpOptions): Promise<FakeClickUp> {
  const { seed, plan = 'Unlimited', clock = systemClock } = options
  const faults: Faults = { ...noFaults(), ...options.faults }
  const random = createRandom(seed)
  const log = createLog(clock)
  const now = () => clock.now() + faults.clockSkewMs
  // Ids of past things carry past times.
  const ids = createIds(random.fork('ids'), () => world.now())
  const registry = createRegistry({ ids, faults, log })
  const sender = createSender({ registry, faults, log, random: random.fork('deliveries') })

  const world = createWorld({
    workspace: { id: ids.place(), name: WORKSPACE_NAME, color: '#0091ff' },
    ids,
    random: random.fork('world'),
    now,
    commentsMoveDateUpdated: () => !faults.commentsKeepDateUpdated,
    onMutation: (mutation) => {
      for (const { emission, changes } of log.mutation(mutation)) {
        let body: ((webhookId: string) => Buffer) | undefined
        for (const webhook of registry.all()) {
          if (!hears(world, webhook, emission)) continue
          body ??= bodyFor(emission, world.workspace.id)
          sender.send(webhook, emission, body(webhook.id), changes)
        }
      }
    },
  })
  const service = world.inThePast(now() - 400 * 86_400_000, () => world.addUser(SERVICE_ACCOUNT))
  if (options.demo ?? true) buildDemoWorkspace(world, random.fork('demo'))

  const tokens = createTokens(ids, world)
  const issued: Record<string, string> = {}
  for (const user of world.users()) {
    if (user.id !== service.id) issued[user.username.split(' ')[0]?.toLowerCase() ?? ''] = tokens.issue(user.id)
  }
  const given = { ...issued, service: tokens.issue(service.id) }

  const listing = createTaskListing(world, faults, seed)
  const api = createApi({
    ...{ world, tokens, registry, listing, faults, log, plan, clock },
    serviceToken: given.service,
    random: random.fork('calls'),
  })
  const control = createControl({ faults, log, idle: sender.idle })
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const path = (request.url ?? '/').replace(/^\/api(?=\/)/, '')
    const answered = path.startsWith('/_fake/') ? control(request, response, path) : api(request, response, path)
    answered.catch(() => response.destroy())
  })
  const address = await listen(server, options.port ?? 0)

  return {
    url: `http://127.0.0.1:${address.port}/api`,
    world,
    tokens: given,
    workspaceId: world.workspace.id,
    faults,
    log,
    issueToken: tokens.issue,
    revokeToken: tokens.revoke,
    idle: sender.idle,
    close: () => {
      sender.close()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function listen(server: http.Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'))
      else resolve(address)
    })
  })
}
