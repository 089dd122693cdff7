import { describe, expect, it } from 'vitest'
import { alarms, subscriptions } from '../../core/doctor/checks/alarms.ts'
import { budget, latency } from '../../core/doctor/checks/api.ts'
import { paused, recursion, version } from '../../core/doctor/checks/deployment.ts'
import { clickApps, spaces, workspace } from '../../core/doctor/checks/places.ts'
import { clickUpStatus, pulse } from '../../core/doctor/checks/pulse.ts'
import { gaps, quarantine, queues } from '../../core/doctor/checks/queues.ts'
import { rotation } from '../../core/doctor/checks/rotation.ts'
import { schedules } from '../../core/doctor/checks/schedules.ts'
import { account, sharing, token } from '../../core/doctor/checks/token.ts'
import { publicUrl, testDelivery } from '../../core/doctor/checks/way.ts'
import { webhooks } from '../../core/doctor/checks/webhooks.ts'
import type { Level, Said } from '../../core/doctor/finding.ts'
import type { Patient } from '../../core/doctor/services.ts'
import type { Gap } from '../../core/sync/gaps.ts'
import { DAY, NOW, patient, stage, statusPage, webhook } from './patient.ts'

type Made = NonNullable<Parameters<typeof patient>[0]>
type Check = (of: Patient) => Said | Promise<Said>
type Row = [Check, Made, Level, RegExp]

const answer = <Value>(value: Value) => ({ kind: 'ok', value, observedAt: NOW }) as const
const role = (of: number | null) => ({
  account: answer({ user: { id: '7', name: 'Robot' }, workspaces: [{ id: '9', name: 'Acme', role: of, members: 4 }] }),
})
const dead = { kind: 'tokenDead', code: 'OAUTH_025', until: null } as const
const down = { kind: 'unavailable', reason: 'status 503', until: null } as const
const hooks = (...over: Parameters<typeof webhook>[0][]) => ({ webhooks: answer(over.map((each) => webhook(each))) })
const apps = (timeTracking: boolean | null, timeInStatus: boolean | null) => ({
  clickApps: answer({ spaces: [{ id: 's1', name: 'Work', timeTracking }], timeInStatus }),
})
const gap = (over: Partial<Gap>): Gap => ({
  ...{ id: 'g', cause: 'lost', from: NOW - DAY, to: NOW - DAY, detail: '', givenUp: null, sweptAt: NOW },
  repaired: { tasks: 0, changes: 0, timeEntries: 0, places: 0 },
  ...over,
})
const minute = { window: 'minute', limit: 100, told: 100, learned: null, leased: 0, begunAt: NOW, endsAt: NOW }
const upstream = (left: number, refusedUntil: number | null = null) => ({
  budget: [{ ...minute, left, refusedUntil }],
  breaker: { state: 'closed' } as const,
  token: { state: 'accepted' } as const,
})

const at = (check: (of: Patient, now: number) => Said) => (of: Patient) => check(of, NOW)
const aged = (of: Patient) => rotation(of, stage())
const sent = (of: Patient) => testDelivery(of, stage())
const rotated = {
  run: 'r',
  startedAt: NOW,
  at: NOW,
  phase: 'failed',
  detail: 'It was refused.',
  waitsUntil: null,
  doneAt: null,
} as const
const noRotation = { signing: null, token: null, tokenSince: NOW, signingChangedAt: NOW, overlapUntil: null }

const rows: Record<string, Row> = {
  'a token that works': [token, {}, 'pass', /Robot's/],
  'a token that is refused': [token, { asked: { account: dead } }, 'fail', /rotate token/],
  'a token of which nothing can be told': [token, { asked: { account: down } }, 'fail', /again in a few minutes/],
  'an admin': [account, {}, 'pass', /admin/],
  'a guest': [account, { asked: role(4) }, 'fail', /guest.*admin/s],
  'a member': [account, { asked: role(3) }, 'fail', /member/],
  'a role that is not told': [account, { asked: role(null) }, 'warn', /does not say/],
  'another user than the one that was connected': [account, { record: { userId: '8' } }, 'fail', /--takeover/],
  'a user without the workspace': [account, { record: { workspaceId: '1' } }, 'skip', /workspace/],
  'webhooks without a token': [webhooks, { asked: { account: dead } }, 'skip', /token that sees/],
  'webhooks without the workspace': [webhooks, { record: { workspaceId: '1' } }, 'skip', /token that sees/],
  'no account': [account, { asked: { account: down } }, 'skip', /token that works/],
  'a token of its own': [sharing, {}, 'pass', /No other of 1/],
  'no other stage': [
    sharing,
    { looks: { sharedWith: async () => ({ names: [], compared: 0 }) } },
    'pass',
    /No other stage/,
  ],
  'a token that another stage has': [
    sharing,
    { looks: { sharedWith: async () => ({ names: ['hookline/dev/main/token'], compared: 1 }) } },
    'fail',
    /hookline\/dev\/main\/token.*service account/s,
  ],
  'a user whom another stage uses': [
    sharing,
    { asked: hooks({}, { id: 'w2', endpoint: 'https://other.example.com/webhooks/clickup/main/a' }) },
    'warn',
    /other\.example\.com/,
  ],
  'the workspace': [workspace, {}, 'pass', /Acme, with 4/],
  'a workspace that is out of sight': [workspace, { record: { workspaceId: '1' } }, 'fail', /Invite/],
  'all spaces': [spaces, {}, 'pass', /all of 1/],
  'the chosen space': [spaces, { record: { selection: { spaces: ['s1'] } } }, 'pass', /all that were chosen/],
  'a chosen space that is out of sight': [spaces, { record: { selection: { spaces: ['s1', 's2'] } } }, 'fail', /s2/],
  'a space that the filter keeps and is out of sight': [
    spaces,
    { looks: { keptSpaces: ['s1', 's3'] } },
    'fail',
    /not see s3/,
  ],
  'no space': [spaces, { asked: { clickApps: answer({ spaces: [], timeInStatus: null }) } }, 'fail', /no space/],
  'the ClickApps': [clickApps, {}, 'pass', /are on/],
  'no time tracking': [clickApps, { asked: apps(false, true) }, 'warn', /Time Tracking is off in Work/],
  'no time in status': [clickApps, { asked: apps(true, false) }, 'warn', /Total time in Status is off/],
  'a ClickApp of which nothing is told': [clickApps, { asked: apps(null, null) }, 'pass', /no task/],
  'a ClickApp that is off where nobody listens': [
    clickApps,
    { asked: apps(false, true), record: { selection: { spaces: ['s9'] } } },
    'pass',
    /are on/,
  ],
  'a webhook': [webhooks, {}, 'pass', /Active/],
  'no webhook by choice': [webhooks, { record: { mode: 'poll' } }, 'skip', /choice/],
  'no webhook': [webhooks, { asked: hooks() }, 'fail', /None of 0/],
  'a webhook elsewhere': [webhooks, { asked: hooks({ endpoint: 'https://x.example.com/a' }) }, 'fail', /None of 1/],
  'a webhook that is suspended': [webhooks, { asked: hooks({ status: 'suspended' }) }, 'fail', /suspended/],
  'a webhook for some events': [webhooks, { asked: hooks({ events: 'some' }) }, 'fail', /some events/],
  'a webhook for some places': [webhooks, { asked: hooks({ whole: false }) }, 'fail', /some places/],
  'a webhook that loses deliveries': [webhooks, { asked: hooks({ failCount: 11 }) }, 'warn', /11 deliveries/],
  'no answer about webhooks': [webhooks, { asked: { webhooks: down } }, 'fail', /cannot be told/],
  'a public address': [publicUrl, {}, 'pass', /curl -i -X POST -d '\{\}' https:\/\/hooks/],
  'an address at which nothing answers': [
    publicUrl,
    { looks: { post: async () => null } },
    'fail',
    /Nothing answers.*curl/s,
  ],
  'an address that takes what is not signed': [publicUrl, { looks: { post: async () => 200 } }, 'fail', /answers 200/],
  'a test delivery': [sent, {}, 'pass', /in 0 ms, and removed/],
  'no signing secret': [sent, { looks: { signing: async () => ({ v: 1, slots: {} }) } }, 'fail', /hookline connect/],
  'a test delivery that is refused': [sent, { looks: { post: async () => 403 } }, 'fail', /rotate signing/],
  'a test delivery that fails': [sent, { looks: { post: async () => 503 } }, 'fail', /UnansweredDeliveries/],
  'a test delivery that something else answers': [sent, { looks: { post: async () => 429 } }, 'fail', /access log/],
  'a test delivery that nobody answers': [sent, { looks: { post: async () => null } }, 'fail', /not answered/],
  'a test delivery that never arrives': [
    sent,
    { looks: { mark: { isThere: async () => false, remove: () => Promise.reject(new Error('nothing to remove')) } } },
    'fail',
    /not in the ledger after 30 s/,
  ],
  'a quick API': [latency, {}, 'pass', /^90 ms/],
  'a slow API': [latency, { asked: { took: [2_500, 2_100, 90] } }, 'warn', /^2100 ms/],
  'a budget': [budget, {}, 'pass', /90 of 100/],
  'a budget that is nearly spent': [budget, { status: { upstream: upstream(9) } }, 'warn', /tuning/],
  'a budget that others spend': [budget, { status: { upstream: upstream(0, NOW + 1) } }, 'warn', /Somebody else/],
  'a ClickUp that is down': [
    budget,
    { status: { upstream: { ...upstream(90), breaker: { state: 'open', since: NOW, nextProbeAt: NOW } } } },
    'fail',
    /down/,
  ],
  'no gap': [at(gaps), {}, 'pass', /None/],
  'gaps that are swept': [at(gaps), { status: { gaps: [gap({})] } }, 'pass', /All of 1/],
  'an open gap': [at(gaps), { status: { gaps: [gap({ to: null, sweptAt: null })] } }, 'warn', /1 open, 0 not/],
  'a gap that no sweep has seen': [at(gaps), { status: { gaps: [gap({ sweptAt: null })] } }, 'warn', /0 open, 1 not/],
  'deliveries that wait': [at(gaps), { status: { waitingSince: NOW - DAY } }, 'warn', /waited/],
  'a guard that never came': [at(schedules), {}, 'fail', /guard never came.*sweep never came.*census never came/],
  'a connection that was just made': [at(schedules), { record: { connectedAt: NOW - 1 } }, 'skip', /yet to/],
  'young secrets': [aged, {}, 'pass', /token 10 days, signing secret 5 days/],
  'an old token': [aged, { status: { rotations: { ...noRotation, tokenSince: NOW - 81 * DAY } } }, 'warn', /81 days/],
  'an old signing secret': [
    aged,
    { status: { rotations: { ...noRotation, signingChangedAt: NOW - 91 * DAY } } },
    'warn',
    /91 days/,
  ],
  'secrets that are younger than the config has it': [
    (of: Patient) => rotation(of, stage({ tooOld: { tokenMs: 180 * DAY, signingMs: 365 * DAY } })),
    { status: { rotations: { ...noRotation, tokenSince: NOW - 170 * DAY, signingChangedAt: NOW - 360 * DAY } } },
    'pass',
    /token 170 days, signing secret 360 days/,
  ],
  'a rotation that failed': [
    aged,
    { status: { rotations: { ...noRotation, signing: rotated } } },
    'fail',
    /rotate signing/,
  ],
  'secrets that cannot be read': [
    aged,
    { status: { rotations: { ...noRotation, tokenSince: null, signingChangedAt: null } } },
    'skip',
    /cannot be told/,
  ],
}

describe('of a connection', () => {
  it.each(Object.entries(rows))('%s', async (_, [check, made, level, text]) => {
    const said = await check(patient(made))
    expect([said.level, `${said.text} ${said.advice ?? ''}`]).toEqual([level, expect.stringMatching(text)])
    // Whoever is told of something wrong is told what to do.
    expect(said.advice === null).toBe(level === 'pass' || level === 'skip')
  })
})

const depth = (waiting: number) => ({ waiting, inFlight: 0, deferred: 0 })
const ofQueues = (deliveries: number, set: number) =>
  stage({}, { queues: { deliveries: depth(deliveries), quarantine: depth(set), jobs: depth(0), guard: depth(0) } })
const ringing = (over: Partial<Awaited<ReturnType<ReturnType<typeof stage>['aws']['alarms']>>[number]>) =>
  withAws({ alarms: async () => [{ name: 'hookline-prod-A', state: 'OK', enabled: true, actions: ['t:p1'], ...over }] })
const withAws = (aws: Partial<ReturnType<typeof stage>['aws']>) => stage({ aws: { ...stage().aws, ...aws } })

const ofStage: Record<
  string,
  [(of: ReturnType<typeof stage>) => Said | Promise<Said>, ReturnType<typeof stage>, Level, RegExp]
> = {
  'a stage that runs': [paused, stage(), 'pass', /not paused/],
  'a stage that ran again': [
    paused,
    stage({}, { pause: { v: 1, since: null, by: 'kim', reason: null, past: [] } }),
    'pass',
    /not/,
  ],
  'a stage that is paused': [
    paused,
    stage({}, { pause: { v: 1, since: NOW, by: 'kim', reason: 'a test', past: [] } }),
    'warn',
    /since 2026-03-02T12:00:00.000Z by kim: a test.*resume/s,
  ],
  'the version': [version, stage(), 'pass', /1\.0\.0 is deployed/],
  'another version': [version, stage({ version: { own: '1.1.0', deployed: '1.0.0' } }), 'warn', /this is 1\.1\.0/],
  'no version': [version, stage({ version: { own: '1.1.0', deployed: null } }), 'skip', /does not say/],
  'recursion that is allowed': [recursion, stage(), 'pass', /come back/],
  'recursion that is not': [
    recursion,
    withAws({ recursion: async (name) => (name.endsWith('sync') ? 'terminate' : 'allow') }),
    'fail',
    /hookline-prod-sync after/,
  ],
  'a pulse': [pulse, stage(), 'pass', /1 min ago/],
  'no pulse yet': [pulse, stage({}, { pulse: null }), 'warn', /not been taken/],
  'a pulse that has stopped': [pulse, stage({ clock: { now: () => NOW + 11 * 60_000 } }), 'fail', /12 min ago/],
  'a ClickUp that is well': [clickUpStatus, stage(), 'pass', /says operational/],
  'a ClickUp with an incident': [
    clickUpStatus,
    stage({}, { clickup: statusPage('degraded', ['Webhooks are late']) }),
    'warn',
    /degraded: Webhooks are late/,
  ],
  'a page that nobody has read': [clickUpStatus, stage({}, { clickup: null }), 'skip', /not read/],
  'queues that are worked off': [queues, stage(), 'pass', /0 deliveries/],
  'a long queue': [queues, ofQueues(10_001, 0), 'warn', /10001 deliveries.*maxConcurrency/s],
  'an empty quarantine': [quarantine, stage(), 'pass', /Empty/],
  'one message in quarantine': [quarantine, ofQueues(0, 1), 'fail', /1 message is.*quarantine redrive/s],
  alarms: [alarms, stage(), 'pass', /1 alarms are armed/],
  'no alarm': [alarms, withAws({ alarms: async () => [] }), 'fail', /There is none\./],
  'alarms that are switched off': [alarms, stage({ expectedAlarms: [] }), 'skip', /switched off/],
  'nobody to be told': [subscriptions, stage({ expectedAlarms: [] }), 'skip', /switched off/],
  'an alarm without an action': [alarms, ringing({ actions: [] }), 'fail', /hookline-prod-A would tell nobody/],
  'an alarm that is off': [alarms, ringing({ enabled: false }), 'fail', /would tell nobody/],
  'an alarm that goes off': [alarms, ringing({ state: 'ALARM' }), 'warn', /in alarm.*runbook/s],
  'somebody who hears': [subscriptions, stage(), 'pass', /1 confirmed over 1/],
  'nobody who hears': [
    subscriptions,
    withAws({ subscriptions: async () => ({ confirmed: 0, pending: 0 }) }),
    'warn',
    /Nobody hears p1.*hookline\.config/s,
  ],
  'somebody who has not confirmed': [
    subscriptions,
    withAws({ subscriptions: async () => ({ confirmed: 0, pending: 1 }) }),
    'fail',
    /Of p1 nobody has confirmed/,
  ],
  'one of two who has not confirmed': [
    subscriptions,
    withAws({ subscriptions: async () => ({ confirmed: 1, pending: 1 }) }),
    'warn',
    /Of p1 \(1\) a part has not confirmed/,
  ],
}

describe('of a stage', () => {
  it.each(Object.entries(ofStage))('%s', async (_, [check, services, level, text]) => {
    const said = await check(services)
    expect([said.level, `${said.text} ${said.advice ?? ''}`]).toEqual([level, expect.stringMatching(text)])
    expect(said.advice === null).toBe(level === 'pass' || level === 'skip')
  })
})
