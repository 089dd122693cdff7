import type { Webhook } from '../../core/clickup/webhooks.ts'
import type { ConnectionLooks, DoctorServices, Patient } from '../../core/doctor/services.ts'
import type { StatusPage } from '../../core/status/clickup-page.ts'
import type { ConnectionStatus } from '../../core/status/connection.ts'
import type { ClickUpStatus } from '../../core/status/pulse.ts'
import type { Status } from '../../core/status/status.ts'

export const NOW = Date.parse('2026-03-02T12:00:00Z')
const MINUTE = 60_000
export const DAY = 86_400_000

const URL_OF = (slot: string) => `https://hooks.example.com/webhooks/clickup/main/${slot}`

export const webhook = (over: Partial<Webhook> = {}): Webhook => ({
  ...{ id: 'w1', endpoint: URL_OF('a'), events: 'all', whole: true, secret: '', status: 'active', failCount: 0 },
  ...over,
})

const healthy: ConnectionStatus = {
  name: 'main',
  record: { workspaceId: '9', workspaceName: 'Acme', userId: '7', userName: 'Robot', connectedAt: NOW - 30 * DAY },
  hierarchy: { readAt: NOW, spaces: [] },
  webhooks: null,
  heardAt: NOW - MINUTE,
  waitingSince: null,
  sweep: null,
  census: null,
  backfill: null,
  gaps: [],
  upstream: {
    budget: [
      {
        ...{ window: 'minute', limit: 100, told: 100, learned: null, leased: 10, left: 90 },
        ...{ begunAt: NOW, endsAt: NOW + MINUTE, refusedUntil: null },
      },
    ],
    breaker: { state: 'closed' },
    token: { state: 'accepted' },
  },
  rotations: {
    ...{ signing: null, token: null, tokenSince: NOW - 10 * DAY, signingChangedAt: NOW - 5 * DAY },
    overlapUntil: null,
  },
  unreadable: [],
}

type Made = {
  record?: Partial<Patient['record']>
  status?: Partial<ConnectionStatus>
  asked?: Partial<Patient['asked']>
  looks?: Partial<ConnectionLooks>
}

/** A connection with nothing wrong, but for what is given. */
export function patient({ record = {}, status = {}, asked = {}, looks = {} }: Made = {}): Patient {
  const base = healthy.record
  if (base === null) throw new Error('a healthy connection has a record')
  return {
    name: 'main',
    record: { ...base, ...record },
    status: { ...healthy, record: { ...base, ...record }, ...status },
    looks: {
      clickup: {
        get: () => Promise.reject(new Error('ClickUp was asked')),
        send: () => Promise.reject(new Error('ClickUp was asked')),
        look: () => Promise.reject(new Error('ClickUp was asked')),
        reserve: () => Promise.reject(new Error('ClickUp was asked')),
      },
      signing: async () => ({ v: 1, slots: { a: { webhookId: 'w1', secret: 'key', state: 'active' } } }),
      sharedWith: async () => ({ names: [], compared: 1 }),
      keptSpaces: [],
      url: URL_OF,
      post: async (_, headers) => ('x-signature' in headers ? 200 : 403),
      mark: { isThere: async () => true, remove: async () => undefined },
      ...looks,
    },
    asked: {
      account: {
        kind: 'ok',
        observedAt: NOW,
        value: { user: { id: '7', name: 'Robot' }, workspaces: [{ id: '9', name: 'Acme', role: 2, members: 4 }] },
      },
      webhooks: { kind: 'ok', observedAt: NOW, value: [webhook()] },
      clickApps: {
        kind: 'ok',
        observedAt: NOW,
        value: { spaces: [{ id: 's1', name: 'Work', timeTracking: true }], timeInStatus: true },
      },
      took: [80, 120, 90],
      ...asked,
    },
  }
}

const SEEN = {
  watermarkAgeMs: 0,
  webhooksBroken: 0,
  webhookFailCount: 0,
  quietMs: 0,
  clickupIncident: false,
  paused: false,
}

/** What ClickUp's page says. */
export const statusPage = (state: StatusPage['state'], incidents: string[]): ClickUpStatus => ({
  ...{ v: 1, triedAt: NOW, failure: null },
  page: { at: NOW, state, says: '', incidents },
})

const empty = { waiting: 0, inFlight: 0, deferred: 0 }

/** A stage with nothing wrong, but for what is given. */
export function stage(over: Partial<DoctorServices> = {}, status: Partial<Status> = {}): DoctorServices {
  let now = NOW
  return {
    stage: 'prod',
    version: { own: '1.0.0', deployed: '1.0.0' },
    status: {
      queues: { deliveries: empty, quarantine: empty, jobs: empty, guard: empty },
      ...{ lastDelivery: null, connections: [], unreadable: 0, pause: null },
      pulse: { v: 1, at: NOW - MINUTE, seen: SEEN },
      clickup: statusPage('operational', []),
      standup: null,
      ...status,
    },
    aws: {
      recursion: async () => 'allow',
      alarms: async () => [{ name: 'hookline-prod-A', state: 'OK', enabled: true, actions: ['arn:aws:sns:x:1:p1'] }],
      subscriptions: async () => ({ confirmed: 1, pending: 0 }),
    },
    expectedAlarms: ['hookline-prod-A'],
    tooOld: { tokenMs: 80 * DAY, signingMs: 90 * DAY },
    of: () => patient().looks,
    summaries: null,
    clock: { now: () => now },
    sleep: async (ms) => {
      now += ms
    },
    nonce: () => '00000000-0000-4000-8000-000000000001',
    ...over,
  }
}
