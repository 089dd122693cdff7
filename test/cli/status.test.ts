import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { statusText } from '../../cli/output/status/status-text.ts'
import { painter } from '../../cli/output/text.ts'
import { createPending } from '../../core/process/pending.ts'
import { saveClickUpStatus, savePulse } from '../../core/status/pulse.ts'
import { readStatus } from '../../core/status/status.ts'
import { verdictOf } from '../../core/status/verdict.ts'
import type { Window } from '../../core/upstream/window.ts'
import { aChange, complete, directory, NOW, run, type Stack, startStack } from './stack.ts'
import {
  BACKFILL,
  GAP,
  HOUR,
  MINUTE,
  putItem,
  RECORD,
  SLOT,
  SWEEP,
  saveBackfill,
  saveCensus,
  saveGaps,
  saveRecord,
  saveSpaces,
  saveSweep,
  saveWell,
  stateOf,
  WEBHOOKS,
} from './states.ts'

let stack: Stack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const status = (...args: string[]) => run(stack.cwd, ['status', ...args], 80)
const json = async () => JSON.parse((await status('--json')).out)
const send = (queue: 'deliveries' | 'quarantine', delay = 0) =>
  stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.queues[queue], MessageBody: 'x', DelaySeconds: delay }))

const window: Window = {
  ...{ begun: NOW - 30_000, earliest: NOW + 28_000, latest: NOW + 30_000, state: 'told' },
  ...{ leased: 50, late: 0, lateUntil: 0, carried: 10, carriedUntil: NOW + 29_000 },
  ...{ limit: 100, told: 100, learned: null, refusedUntil: 0, crowded: false },
}

/** What is said of a line of the plain output, and of those that go on with it. */
async function told(label: string): Promise<string[]> {
  const lines = (await run(stack.cwd, ['status'], undefined)).out.split('\n')
  const at = lines.findIndex((each) => each.startsWith(`${label}  `))
  const more = lines.slice(at + 1).findIndex((each) => !each.startsWith('  '))
  return at < 0 ? [] : lines.slice(at, at + 1 + more).map((each, i) => each.slice(i === 0 ? label.length : 0).trim())
}

test('when all is well the first line says so, and all that is stored is told', async () => {
  await saveWell(stack)
  await putItem(stack, 'upstream', { 'window:minute': window })
  await complete(stack, [aChange({ at: NOW - 10_000, receivedAt: NOW - 9_000 })])
  const { status: code, out, err } = await status('--check')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'All is well: all recoverable before 00:04:40 (22m ago) is there.',
    '',
    'connection main  workspace Acme (9012) as user Ada (183), since 2026-08-31',
    'places           2 spaces, 2 folders, 4 lists, 120 tasks; listed 3m ago',
    '                 Engineering (s1): 2 folders, 3 lists, 100 tasks',
    '                 Design (s2): 0 folders, 1 list, 20 tasks',
    'changes come     by webhook, within seconds; what ClickUp loses, with a sweep',
    'webhook          active at slot a, looked at 2m ago',
    'guard            all well 2m ago',
    'delivered        last 1m ago (00:25:40)',
    'watermark        22m ago (00:04:40): all recoverable before is in the table',
    'sweep            12m ago, took 1m and 9 calls: nothing to repair',
    'census           12m ago: 3 lists with 120 tasks, nothing gone',
    'backfill         done 12m ago: 90 days, 1200 tasks, 30 time entries, 9 calls',
    'gaps             none',
    'budget           40 of 100 calls left until 00:27:10',
    'ClickUp          up',
    'token            accepted',
    '',
    'deliveries       nothing waits',
    'quarantine       empty',
    'pulse            not taken yet; it comes every 5 minutes',
    'last change      00:26:31 (9s ago): status of task 86c1, published after 400ms',
    'looking at       local stack',
    '',
  ])
})

test('the JSON has all of it, and nothing of how it is stored', async () => {
  await saveWell(stack)
  await saveSweep(stack, { version: 1, phase: 'tasks', endedAt: null, updatedAt: NOW, suspects: ['86c1'] })
  await putItem(stack, 'upstream', { 'window:minute': window })
  await saveGaps(stack, [GAP, { ...GAP, id: 'silent-1', cause: 'silent', to: null, givenUp: null, sweptAt: null }])
  await send('deliveries')
  await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.queues.deliveries, VisibilityTimeout: 60 }))
  await Promise.all([send('deliveries'), send('deliveries'), send('deliveries', 600)])
  const late = aChange({ at: NOW - 50_000, receivedAt: NOW - 9_000 })
  await complete(stack, [
    aChange({ at: NOW - 10_000, receivedAt: NOW - 9_500 }),
    late,
    aChange({ at: NOW - 1_000, receivedAt: NOW - 900, origin: 'sweep' }),
  ])
  const answer = await json()
  expect(answer).toEqual({
    target: 'local stack',
    verdict: {
      level: 'amber',
      matters: [
        {
          ...{ level: 'amber', connection: 'main', kind: 'openGap' },
          text: 'deliveries may be missing since 3h ago: npx hookline gaps',
        },
      ],
    },
    pause: null,
    pulse: null,
    clickupStatus: null,
    queues: {
      deliveries: { waiting: 2, inFlight: 1, deferred: 1 },
      quarantine: { waiting: 0, inFlight: 0, deferred: 0 },
      ...{ jobs: null, guard: null },
    },
    standup: null,
    lastDelivery: {
      receivedAt: late.receivedAt,
      publishedAt: late.receivedAt + 400,
      changeId: late.id,
      connection: 'main',
      resource: late.resource,
      field: 'status',
    },
    connections: [
      {
        ...{ name: 'main', mode: 'webhook', record: RECORD },
        places: {
          readAt: NOW - 3 * MINUTE,
          chosen: { spaces: 2, folders: 2, lists: 4, tasks: 120 },
          spaces: [
            {
              ...{ id: 's1', name: 'Engineering', archived: false, chosen: true, folders: 2, lists: 3, tasks: 100 },
              listedAt: NOW - 3 * MINUTE,
              within: [
                { id: 'f1', name: 'Folder f1', chosen: true, lists: 1, tasks: 40 },
                { id: 'f2', name: 'Folder f2', chosen: true, lists: 1, tasks: 60 },
              ],
            },
            {
              ...{ id: 's2', name: 'Design', archived: false, chosen: true, folders: 0, lists: 1, tasks: 20 },
              ...{ listedAt: NOW - 3 * MINUTE, within: [] },
            },
          ],
        },
        webhooks: {
          ...{ goodAt: NOW - 2 * MINUTE, rotation: null, offSince: null, report: WEBHOOKS.report },
          slots: { a: SLOT, b: null },
        },
        ...{ heardAt: NOW - MINUTE, waitingSince: null, watermark: SWEEP.watermark },
        sweep: {
          ...{ run: 'r1', phase: 'tasks', startedAt: NOW - 13 * MINUTE, updatedAt: NOW, endedAt: null, calls: 9 },
          ...{ note: null, pages: 2, last: SWEEP.last },
        },
        census: {
          ...{ run: 'r1', phase: 'done', startedAt: NOW - 13 * MINUTE, updatedAt: NOW - 12 * MINUTE },
          ...{ endedAt: NOW - 12 * MINUTE, calls: 9, note: null, listsLeft: 0, countedLists: 3, countedTasks: 120 },
          ...{ deleted: 0, outOfSight: 0, there: 0, changed: 0, differing: [] },
        },
        backfill: {
          ...{ run: 'r1', phase: 'done', startedAt: NOW - 13 * MINUTE, updatedAt: NOW - 12 * MINUTE },
          ...{ endedAt: NOW - 12 * MINUTE, calls: 9, note: null, days: 90, publish: false, since: BACKFILL.since },
          ...{ until: BACKFILL.until, share: 1, pages: 12, tasks: 1200, timeEntries: 30, timeInStatus: true },
          ...{ tasksPerMinute: 1200, leftMs: null },
        },
        gaps: {
          ...{ total: 2, unswept: 1 },
          open: [
            {
              ...{ ...GAP, id: 'silent-1', cause: 'silent', to: null, givenUp: null, sweptAt: null },
              cannotBeRecovered: [
                { kind: 'actors', changes: 12 },
                { kind: 'unlisted', fields: ['comments', 'descriptions', 'goals'] },
                { kind: 'between' },
              ],
            },
          ],
        },
        upstream: {
          budget: [
            {
              ...{ window: 'minute', limit: 100, told: 100, learned: null, leased: 60, left: 40 },
              ...{ begunAt: NOW - 30_000, endsAt: NOW + 30_000, refusedUntil: null },
            },
          ],
          breaker: { state: 'closed' },
          token: { state: 'accepted' },
        },
        rotations: { signing: null, token: null, tokenSince: null, signingChangedAt: null, overlapUntil: null },
        unreadable: [],
      },
    ],
  })
})

test('a stack that has just begun asks to be connected, and --check ends with 1', async () => {
  const { status: code, out, err } = await status('--check')
  expect({ code, err }).toEqual({ code: 1, err: '' })
  expect(out.split('\n')).toEqual([
    'Look here:  not connected yet: npx hookline connect',
    '',
    'connection main  not connected yet: npx hookline connect',
    'budget           ClickUp was not asked yet',
    'ClickUp          up',
    'token            accepted',
    '',
    'deliveries       nothing waits',
    'quarantine       empty',
    'pulse            not taken yet; it comes every 5 minutes',
    'last change      none by a delivery in the last 14 days',
    'looking at       local stack',
    '',
  ])
  expect((await status()).status).toBe(0)
})

test('what matters most comes first, and of more than two the rest is counted', async () => {
  await saveWell(stack)
  await saveSweep(stack, { version: 1, watermark: NOW - 31 * MINUTE })
  expect((await status()).out.split('\n')[0]).toBe('Look here:  the watermark stands still for 31m')
  await saveBackfill(stack, { version: 1, phase: 'stopped', note: 'the token does not see the workspace any more' })
  await send('quarantine')
  const finding = 'The webhook was suspended after 100 lost events, again within an hour; it is left as it is'
  const report = { at: NOW - MINUTE, verdict: 'unhealthy', findings: [finding] }
  const slots = { a: { ...SLOT, status: 'suspended', failCount: 100, mended: { at: NOW - HOUR, what: 'suspended' } } }
  await putItem(stack, 'webhooks', { ...WEBHOOKS, report, slots })
  expect((await status()).out.split('\n').slice(0, 5)).toEqual([
    'Look here:  The webhook was suspended after 100 lost events, again within an',
    '            hour; it is left as it is',
    '            1 message lies in quarantine',
    '            and 2 more below',
    '',
  ])
  expect(await told('webhook')).toEqual([
    'suspended at slot a, 100 events given up, looked at 2m ago; mended 1h ago: the webhook was suspended',
  ])
  expect(await told('guard')).toEqual(['could not mend it 1m ago', finding])
  expect(await told('quarantine')).toEqual(['1 set aside'])
  const { verdict } = await json()
  expect(verdict.level).toBe('red')
  expect(verdict.matters.map(({ level, kind }: { level: string; kind: string }) => `${level} ${kind}`)).toEqual([
    ...['red webhook', 'red quarantine', 'amber watermark', 'amber stopped'],
  ])
})

test.each([
  ['is amber after half an hour', { watermark: NOW - 31 * MINUTE }, 'amber', '31m ago (2026-09-09 23:55:40)'],
  ['is red after two hours', { watermark: NOW - 2 * HOUR - 1_000 }, 'red', '2h 1s ago (2026-09-09 22:26:39)'],
  ['that never was is red', { watermark: 0, last: null }, 'red', 'none yet'],
])('a watermark %s', async (_, over, level, text) => {
  await saveWell(stack)
  await saveSweep(stack, { version: 1, ...over })
  expect((await json()).verdict).toMatchObject({ level, matters: [{ kind: 'watermark' }] })
  expect((await told('watermark')).join()).toContain(text)
})

test('a connection that was just made promises nothing yet, which is no alarm', async () => {
  await saveRecord(stack, { connectedAt: NOW - 5 * MINUTE })
  await putItem(stack, 'webhooks', WEBHOOKS)
  const { verdict, connections } = await json()
  expect(verdict).toMatchObject({ level: 'amber', matters: [{ kind: 'watermark' }] })
  expect(connections[0]).toMatchObject({ places: null, sweep: null, census: null, backfill: null, heardAt: null })
  expect((await status()).out).toContain('no watermark yet: no sweep has come to its end')
})

test('every item that is half written or of another version is one sentence, and nothing else suffers', async () => {
  await saveWell(stack)
  const things = ['hierarchy', 'webhooks', 'intake', 'sweep', 'census', 'backfill', 'gaps', 'upstream']
  for (const thing of things) await putItem(stack, thing, { version: 'two', spaceIds: 7, heardAt: '', 'window:a': 1 })
  const { status: code, out, err } = await status()
  expect({ code, err }).toEqual({ code: 0, err: '8 stored items could not be read and were left out.\n' })
  expect(out).toContain('workspace Acme (9012) as user Ada (183)')
  expect(out.match(/cannot be read/g)?.length).toBeGreaterThanOrEqual(things.length)
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  const { connections, verdict } = await json()
  expect(connections[0].unreadable).toEqual(things.toSorted())
  expect(verdict).toMatchObject({ level: 'red', matters: [{ kind: 'unreadable', level: 'red' }, ...Array(7).fill({})] })
  await putItem(stack, 'connection', { workspaceId: 9 })
  expect((await status()).out).toMatch(/^Look here: {2}what is stored of the connection cannot be read[^:]*: npx/)
})

test('one space that is half written, and items of an earlier version, are no crash', async () => {
  await saveRecord(stack, { mode: undefined, connectedAt: undefined, userName: undefined, workspaceName: undefined })
  await saveSpaces(stack)
  await putItem(stack, 'hierarchy#s2', { id: 's2' })
  await putItem(stack, 'gaps', { version: 1, gaps: [{ ...GAP, givenUp: undefined, unrecoverable: 3 }] })
  const { status: code, out } = await status()
  expect(code).toBe(0)
  expect(out).toContain('workspace 9012 as user 183\n')
  expect((await json()).connections[0]).toMatchObject({
    places: { spaces: [{ id: 's1' }] },
    ...{ mode: 'webhook', unreadable: ['hierarchy'] },
  })
})

test('of a choice only what was chosen is counted', async () => {
  await saveWell(stack)
  await saveRecord(stack, { selection: { spaces: ['s2', 's9'], folders: ['f1'] } })
  expect(await told('places')).toEqual([
    '2 spaces, 1 folder, 2 lists, 60 tasks; listed 3m ago',
    'Engineering (s1): 2 folders, 3 lists, 100 tasks (only Folder f1)',
    'Design (s2): 0 folders, 1 list, 20 tasks',
    'chosen and not seen: space s9',
  ])
})

test('a connection that only polls is honest about it, and nobody misses its webhook', async () => {
  await saveWell(stack)
  await saveRecord(stack, { mode: 'poll' })
  await putItem(stack, 'webhooks', { ...WEBHOOKS, report: { at: 1, verdict: 'unhealthy', findings: ['gone'] } })
  const { out } = await status()
  expect(out).toMatch(/^All is well/)
  expect(out).not.toMatch(/^(webhook|guard|delivered) /m)
  expect(await told('changes come')).toEqual([
    'by polling only: up to 15 minutes late, and what happened in between as its sum',
  ])
})

test('runs that go on, wait or stand still are told', async () => {
  await saveWell(stack)
  const on = { version: 1, endedAt: null, startedAt: NOW - 40_000, updatedAt: NOW - 1_000 }
  const repaired = { tasks: 2, changes: 3, timeEntries: 1, places: 0 }
  const last = { startedAt: NOW - 20 * MINUTE, endedAt: NOW - 19 * MINUTE, repaired, calls: 11 }
  await saveSweep(stack, { ...on, phase: 'tasks', note: 'ClickUp does not answer', last })
  await saveCensus(stack, { ...on, phase: 'lists', lists: ['l1', 'l2'], countedLists: 1, countedTasks: 7, deleted: 1 })
  await saveBackfill(stack, { ...on, updatedAt: NOW - 21 * MINUTE, phase: 'timeEntries' })
  expect(await told('sweep')).toEqual([
    '19m ago, took 1m and 11 calls: repaired 3 changes of 2 tasks and 1 time entry',
    'one goes on for 40s: listing what was updated, 9 calls; ClickUp does not answer',
  ])
  expect(await told('census')).toEqual([
    'one goes on for 40s: counting lists, 9 calls, 2 to go',
    'so far: 1 list with 7 tasks, 1 task deleted',
  ])
  expect(await told('backfill')).toEqual([expect.stringMatching(/^\[#{20}\] reading time .*; not moved for 21m$/)])
  expect((await json()).verdict.matters).toMatchObject([{ kind: 'stuck', text: 'the backfill has not moved for 21m' }])
})

test.each([
  [{}, '\x1b[32mAll is well\x1b[39m: '],
  [{ watermark: NOW - 40 * MINUTE }, '\x1b[1mLook here:\x1b[22m  \x1b[33mthe watermark'],
  [{ watermark: NOW - 4 * HOUR }, '\x1b[1mLook here:\x1b[22m  \x1b[31mthe watermark'],
])('on a terminal the verdict has its colour: %j', async (over, begins) => {
  await saveWell(stack)
  await saveSweep(stack, { version: 1, ...over })
  expect((await run(stack.cwd, ['status'], 80, true)).out.startsWith(begins)).toBe(true)
  expect((await status()).out).not.toContain('\x1b')
})

test('a census that was halted is red, and a list that ClickUp counts otherwise is named', async () => {
  await saveWell(stack)
  const note = '60 tasks are gone at once, more than 50: nothing was published, see whether they were deleted'
  const differing = [{ listId: 'l1', counted: 40, listed: 38 }]
  await saveCensus(stack, { version: 1, phase: 'halted', note, deleted: 60, differing })
  expect((await json()).verdict).toMatchObject({ level: 'red', matters: [{ kind: 'censusHalted' }] })
  expect(await told('census')).toEqual([
    `halted: ${note}`,
    '12m ago: 3 lists with 120 tasks, 60 tasks deleted',
    'ClickUp counts 40 tasks in List l1 and lists 38',
  ])
})

test.each([
  ['16m', 'amber'],
  ['61m', 'red'],
])('a guard that has not come for %s is %s', async (age, level) => {
  await saveWell(stack)
  const at = NOW - Number.parseInt(age, 10) * MINUTE
  await putItem(stack, 'webhooks', { ...WEBHOOKS, report: { ...WEBHOOKS.report, at } })
  expect((await json()).verdict).toMatchObject({ level, matters: [{ kind: 'guardLate' }] })
})

test('deliveries that wait are told, with since when at the most', async () => {
  await saveWell(stack)
  const waits = [{ receivedAt: NOW - 50 * MINUTE, until: NOW + 10 * MINUTE }]
  await createPending({ ...stateOf(stack), connection: 'main' }).note({ heardAt: NOW - 1_000, waits })
  expect((await told('delivered')).join()).toMatch(/^last 1s ago .*some wait since 5\dm \d+s ago at the most$/)
  expect((await json()).verdict.matters).toMatchObject([{ level: 'amber', kind: 'deliveriesWait' }])
})

test('gaps that are closed are counted, with whether they are accounted for', async () => {
  await saveWell(stack)
  await saveGaps(stack, [GAP, { ...GAP, id: 'b', to: NOW - 5 * MINUTE, sweptAt: null }])
  expect(await told('gaps')).toEqual(['2 gaps, none open, 1 not yet accounted for, the last 5m ago'])
  expect((await json()).verdict.level).toBe('well')
})

test('of several connections each has its own lines, and the verdict names which it means', async () => {
  await saveWell(stack)
  const { queues, local } = stack
  const services = { ...stack, ...{ queues, tables: local.tables, clock: { now: () => NOW } } }
  const read = await readStatus({ ...services, connections: ['main', 'second'] })
  const pen = { paint: painter(false), style: { now: NOW, utc: false }, width: 80 }
  const lines = statusText('prod', read, verdictOf(read, NOW), pen).split('\n')
  expect(lines[0]).toBe('Look here:  second: not connected yet: npx hookline connect')
  const said = 'workspace Acme (9012) as user Ada (183), since 2026-08-31'
  expect(lines).toContain(`connection main    ${said}`)
  expect(lines).toContain('connection second  not connected yet: npx hookline connect')
})

test('the queues of jobs are told where they are known', async () => {
  const jobs = stack.queues.quarantine
  const home = directory({ ...stack.local, queues: { ...stack.queues, jobs } })
  await send('quarantine')
  const { out } = await run(home.path, ['status'], 80)
  home.remove()
  expect(out).toMatch(/^jobs +1 waiting, 0 being worked on, 0 put off$/m)
})

test('a limit that ClickUp has shown by refusing a call is told, and until when it refuses', async () => {
  const learned = { limit: 60, until: NOW + 3_000_000 }
  await putItem(stack, 'upstream', { 'window:minute': { ...window, limit: 60, learned, refusedUntil: NOW + 30_000 } })
  expect(await told('budget')).toEqual([
    'none of 60 calls left until 00:27:10: ClickUp refused one for its rate; ClickUp let through no more, although it tells 100',
  ])
  const over = { ...window, latest: NOW - 1, limit: 60, learned, refusedUntil: 0 }
  await putItem(stack, 'upstream', { 'window:minute': over })
  expect(await told('budget')).toEqual([
    '60 calls a minute, all left; ClickUp let through no more, although it tells 100',
  ])
})

test('an outage and a refused token are told, and when either is tried again', async () => {
  await saveWell(stack)
  await putItem(stack, 'upstream', {
    breaker: { failures: 5, firstAt: NOW - 600_000, probes: 9, probeAt: NOW + 20_000 },
    refusal: { versions: ['1'], code: 'OAUTH_025', since: NOW - 60_000, tries: 0, tryAt: NOW - 1, trial: null },
  })
  expect(await told('ClickUp')).toEqual(['down since 00:16:40 (10m ago), asked again at 00:27:00'])
  expect(await told('token')).toEqual([
    'refused (OAUTH_025) since 00:25:40 (1m ago), tried again with the next work; a new token at once',
  ])
  const { connections, verdict } = await json()
  expect(verdict.matters).toMatchObject([
    { level: 'red', kind: 'tokenRefused' },
    { level: 'amber', kind: 'clickupDown' },
  ])
  expect(connections[0].upstream).toMatchObject({
    breaker: { state: 'open', since: NOW - 600_000, nextProbeAt: NOW + 20_000 },
    token: { state: 'refused', since: NOW - 60_000, code: 'OAUTH_025', nextTryAt: NOW - 1 },
  })
})

test('what the pulse saw is told, and what ClickUp says of itself', async () => {
  await saveWell(stack)
  const seen = {
    ...{ watermarkAgeMs: 22 * MINUTE, webhooksBroken: 0, webhookFailCount: 0, quietMs: 3 * HOUR },
    ...{ clickupIncident: true, paused: false },
  }
  await savePulse(stateOf(stack), { at: NOW - 2 * MINUTE, seen })
  const page = {
    at: NOW - 2 * MINUTE,
    state: 'degraded' as const,
    says: 'Degraded',
    incidents: ['Late \u001b[31mhooks'],
  }
  await saveClickUpStatus(stateOf(stack), { triedAt: NOW - 2 * MINUTE, failure: null, page })
  expect(await told('pulse')).toEqual(['taken 2m ago, 3h of work without a delivery'])
  const [says = ''] = await told('ClickUp says')
  expect(says.replace('Late ', '')).toMatch(/^Degraded: .*hooks \(2m ago\)$/)
  expect(says).not.toContain('\u001b')
  expect(await json()).toMatchObject({
    pulse: { at: NOW - 2 * MINUTE, quietMs: 3 * HOUR },
    clickupStatus: { failure: null, page: { state: 'degraded' } },
  })
  await saveClickUpStatus(stateOf(stack), { triedAt: NOW, failure: 'timeout', page: { ...page, incidents: [] } })
  expect(await told('ClickUp says')).toEqual(['Degraded (2m ago)', 'its status page cannot be read: timeout'])
})
