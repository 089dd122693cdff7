import type { Fetch } from '../../core/upstream/exchange.ts'
import { isPageOfTasks } from '../clickup/api/api.ts'
import type { ApiAnswer } from '../clickup/api/exchange.ts'
import { populate } from '../clickup/demo/populate.ts'
import { createFakeClickUp, type FakeInProcess } from '../clickup/fake.ts'
import type { Faults } from '../clickup/faults.ts'
import { createRandom } from '../clickup/random.ts'
import type { Plan } from '../clickup/rate-limit.ts'
import { type Poster, signatureOf } from '../clickup/webhooks/post.ts'
import { parseEvents } from '../clickup/webhooks/registry.ts'
import type { VirtualTime } from './time.ts'

/** One call as the fake saw it. */
export type ClickUpCall = {
  /** Who called: the container's label. */
  readonly by: string
  readonly begunAt: number
  /** Null while it is under way. */
  endedAt: number | null
  readonly method: string
  readonly path: string
  /** `page` is a listing of tasks, `task` a single one. */
  readonly kind: 'task' | 'page' | 'other'
  /** 0 without an answer; null while it is under way. */
  status: number | null
  ecode: string | null
  /** When the rate limit's window began in which it fell; null if it fell in none. */
  window: number | null
}

/** One try of ClickUp's to deliver. */
export type Delivery = { readonly endpoint: string; readonly body: Buffer; readonly signature: string }

export type VirtualClickUp = Pick<
  FakeInProcess,
  | 'world'
  | 'tokens'
  | 'workspaceId'
  | 'faults'
  | 'log'
  | 'webhooks'
  | 'issueToken'
  | 'issueOAuthToken'
  | 'revokeToken'
  | 'taskAnswer'
  | 'undelivered'
> & {
  /** The base that `CLICKUP_API_URL` has. Nothing listens there: only `fetch` knows it. */
  readonly url: string
  readonly fetch: Fetch
  /** The same for a caller of whom the calls are to be told apart. */
  fetchAs(by: string): Fetch
  /** In the order in which they began. */
  readonly calls: readonly ClickUpCall[]
  /** The tasks that scenarios work on: no subtasks among them, and none that other tasks hang on. */
  readonly taskIds: readonly string[]
  /** Whose token Hookline has. */
  readonly userId: string
  /** Makes the webhook for every event of the workspace, as `connect` would, without costing a call. */
  connect(endpoint: string): { webhookId: string; secret: string }
}

export type VirtualClickUpOptions = {
  time: VirtualTime
  seed: number
  /** How many there are for scenarios to work on, beside those of the demo workspace. */
  tasks: number
  /** So many in each list of the demo workspace at the most. */
  mostInAList?: number | undefined
  /** And so many of the last 90 days and older, with time entries on them. */
  old?: { tasks: number; timeEntries: number } | undefined
  plan?: Plan | undefined
  faults: Partial<Faults>
  /** Answers with the status that the verifier would answer with. */
  deliver: (delivery: Delivery) => number | Promise<number>
}

const URL_BASE = 'https://clickup.invalid/api'

/** The fake ClickUp in virtual time: asked by a function instead of over a socket, delivering into another one. */
export function createVirtualClickUp(options: VirtualClickUpOptions): VirtualClickUp {
  const { time, seed } = options
  const random = createRandom(seed).fork('storm')
  // Which way `order_by` goes is not documented: half the worlds have it one way, half the other.
  const defaultOrder = random.fork(`order ${options.tasks}`).pick(['descending', 'ascending'] as const)
  const fake = createFakeClickUp({
    seed,
    clock: time,
    timers: {
      after: (ms, act) => time.schedule(time.now() + ms, act),
      soon: (act) => void time.schedule(time.now(), act),
      elapsed: time.now,
    },
    faults: { defaultOrder, ...options.faults },
    poster: posterTo(options.deliver),
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...(options.mostInAList === undefined ? {} : { mostInAList: options.mostInAList }),
    ...options.old,
  })
  const { world, tokens, workspaceId, faults, log, webhooks, taskAnswer, undelivered } = fake
  const { issueToken, issueOAuthToken, revokeToken } = fake
  const service = world.users().find(({ bot }) => bot)
  if (service === undefined) throw new Error('The workspace has no service account.')
  const taskIds = populate(world, random, options.tasks)
  const calls: ClickUpCall[] = []
  const fetchAs = (by: string) => fetchFrom(fake, { time, calls, by })

  return {
    ...{ world, tokens, workspaceId, faults, log, webhooks, taskAnswer, undelivered },
    ...{ issueToken, issueOAuthToken, revokeToken },
    url: URL_BASE,
    fetch: fetchAs('somebody'),
    fetchAs,
    calls,
    taskIds,
    userId: String(service.id),
    connect(endpoint) {
      const events = parseEvents('*') ?? new Set()
      const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
      const made = fake.webhooks.create(service.id, { endpoint, events, scope })
      if (made.kind === 'exists') throw new Error('There is a webhook already.')
      return { webhookId: made.webhook.id, secret: made.webhook.secret }
    },
  }
}

const posterTo = (deliver: VirtualClickUpOptions['deliver']): Poster => ({
  post: async (endpoint, secret, body) => ({
    kind: 'answer',
    status: await deliver({ endpoint, body, signature: signatureOf(body, secret) }),
  }),
  close: () => undefined,
})

function fetchFrom(
  { api }: FakeInProcess,
  { time, calls, by }: { time: VirtualTime; calls: ClickUpCall[]; by: string },
): Fetch {
  return async (url, init) => {
    if (!url.startsWith(URL_BASE)) throw new TypeError(`Nobody is at ${new URL(url).origin}`)
    const method = init.method ?? 'GET'
    const path = url.slice(URL_BASE.length)
    const begun = { by, begunAt: time.now(), method, path, kind: kindOf(method, path) }
    const call: ClickUpCall = { ...begun, endedAt: null, status: null, ecode: null, window: null }
    calls.push(call)
    const authorization = new Headers(init.headers).get('authorization') ?? undefined
    const answered = api({ method, path, authorization, body: async () => bodyOf(init.body) })
    try {
      return responseOf(await unlessAborted(answered, init.signal), call)
    } finally {
      call.endedAt = time.now()
      call.status ??= 0
    }
  }
}

function kindOf(method: string, path: string): ClickUpCall['kind'] {
  const [pathname = ''] = path.split('?', 1)
  if (isPageOfTasks(method, pathname)) return 'page'
  return method === 'GET' && /^\/v2\/task\/[^/]+$/.test(pathname) ? 'task' : 'other'
}

const bodyOf = (body: RequestInit['body']) =>
  typeof body === 'string' ? ({ kind: 'json', value: JSON.parse(body) } as const) : ({ kind: 'empty' } as const)

/** What the network does to a client: an answer, or the error that `fetch` makes of a connection that was dropped. */
function responseOf(answer: ApiAnswer, call: ClickUpCall): Response {
  if (answer.kind === 'disconnected') {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
  }
  call.status = answer.status
  call.ecode = answer.ecode
  call.window = answer.window
  const { status, headers, body } = answer
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers })
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
