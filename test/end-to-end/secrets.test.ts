import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../core/platform/clock.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createDriver } from '../../local/check/drive.ts'
import { work } from '../../local/clickup/people.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { FakeClickUp } from '../../local/clickup/server.ts'
import { depthOf } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { hookline } from './support/command.ts'
import { post, sign, statusDelivery } from './support/deliveries.ts'
import { everythingWritten, keepEvents, type Written } from './support/everything-written.ts'
import { plant } from './support/planted.ts'
import { leaksIn, watchSecrets } from './support/secrets-seen.ts'
import { aTask } from './support/system.ts'

const SEED = 20_262
const OVERLAP_MS = 1_000

const seen = watchSecrets()
/** What was shown to somebody: by a command, or as an answer of the public route. */
const shown: Written[] = []
let directory: string
let logFile: string
let system: LocalSystem
let clickup: FakeClickUp

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  logFile = join(directory, 'functions.log')
  mkdirSync(join(directory, '.hookline'))
  system = await startLocal({
    ...{ seed: SEED, plan: 'Enterprise', file: join(directory, '.hookline', 'local.json'), logFile },
    outside: {
      [ENV.signingCache]: JSON.stringify({ lifeMs: 1_000, refreshEveryMs: 500 }),
      [ENV.rotationSettings]: JSON.stringify({ overlapMs: OVERLAP_MS }),
    },
    onStep: (text) => shown.push({ place: 'steps of the start', text }),
  })
  if (system.clickup === null) throw new Error('There is no fake ClickUp')
  clickup = system.clickup
  seen.watch(system.gateway)
  seen.name('a signing secret', system.connected.signingSecret)
  seen.name('a token', clickup.tokens.service)
  seen.name("the operator's key for AWS", system.details.credentials.secretAccessKey)
  await keepEvents(system)
})

afterAll(async () => {
  seen.stop()
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Runs a command; what it wrote is kept. */
async function run(args: readonly string[], { input = '', status = 0 } = {}): Promise<void> {
  const ended = await hookline(directory, args, input)
  shown.push({ place: 'output of the command', text: ended.text })
  expect(ended).toEqual({ status, text: expect.any(String) })
}

/** People change something, and ClickUp tells of it. */
async function delivered(count: number, seed: number): Promise<void> {
  const random = createRandom(SEED + seed)
  await work({ world: clickup.world, random, clock: systemClock, count }).done
  await clickup.idle()
}

async function forged(): Promise<void> {
  const { details } = system
  const { signingSecret: secret } = details
  const body = statusDelivery(aTask(system, 0).id)
  const genuine = sign(body, secret)
  const near = genuine.slice(0, -1) + (genuine.endsWith('0') ? '1' : '0')
  const others = [
    near,
    sign(`${body} `, secret),
    genuine.toUpperCase(),
    createHmac('sha256', 'guess').update(body).digest('hex'),
  ]
  for (const signature of others) {
    const { status, text } = await post(details, body, signature)
    expect(status).toBe(403)
    shown.push({ place: 'answers of the public route', text })
  }
}

async function guarded(): Promise<void> {
  const driver = createDriver(system, clickup)
  await until(
    async () => {
      await driver.guard()
      return [...clickup.webhooks.all()].length === 1 ? true : undefined
    },
    { what: 'the replaced webhook to go', deadlineMs: 20_000, everyMs: OVERLAP_MS / 2 },
  )
}

/** Waits until ClickUp has answered a call so, since a number of its log. */
const answered = (status: number, since: number) =>
  until(
    () => (clickup.log.entries(since).some((one) => one.kind === 'call' && one.status === status) ? true : undefined),
    { what: `a call that is answered ${status}`, deadlineMs: 20_000, everyMs: 20 },
  )

/** Every place that was looked at, with what of the secrets stands there. */
async function search(): Promise<Map<string, Set<string>>> {
  const calls = seen.calls.map(({ service, text }) => ({ place: `calls of ${service}`, text }))
  const places = new Map<string, Set<string>>()
  for (const { place, text } of [...(await everythingWritten(system, logFile)), ...shown, ...calls]) {
    const found = places.get(place) ?? new Set()
    for (const what of leaksIn(text, seen)) found.add(what)
    places.set(place, found)
  }
  return places
}

const leaking = (places: Map<string, Set<string>>) => [...places].filter(([, found]) => found.size > 0)

test('a run with everything in it', { timeout: 60_000 }, async () => {
  const { clients, details } = system
  await delivered(8, 1)
  await forged()
  const unreadable = 'signed, and nothing that can be read'
  expect(await post(details, unreadable)).toMatchObject({ status: 200 })

  clickup.faults.allowSecondWebhook = 'otherEndpoint'
  await run(['rotate', 'signing'])
  await delivered(4, 2)
  await guarded()
  clickup.faults.allowSecondWebhook = 'never'
  await run(['rotate', 'signing', '--json'])
  await delivered(4, 3)

  const userId = Number(system.connected.user.id)
  clickup.revokeToken(clickup.tokens.service)
  const deadAt = clickup.log.next()
  await delivered(4, 4)
  await answered(401, deadAt)
  const wrong = `${'pk'}_${userId}_${'NOTATOKEN'.repeat(3)}`
  seen.name('a token that ClickUp does not know', wrong)
  await run(['rotate', 'token', '--token-stdin', '--yes'], { input: wrong, status: 1 })
  await run(['rotate', 'token', '--token-stdin', '--json'], { input: clickup.issueToken(userId) })
  await run(['rotate', 'token', '--token-stdin', '--yes'], { input: clickup.issueOAuthToken(userId) })
  const aliveAt = clickup.log.next()
  await delivered(4, 5)
  const commands = [['status'], ['status', '--json'], ['gaps'], ['changes', '--json'], ['tasks', 'list']]
  await Promise.all(commands.map((command) => run(command)))
  await answered(200, aliveAt)
  await until(async () => ((await depthOf(clients.sqs, details.queues.quarantine)) > 0 ? true : undefined), {
    ...{ what: 'what cannot be read to be put aside', deadlineMs: 20_000 },
  })
})

/** Where there was something in the run before; what is planted has to be found in each of them. */
let lookedAt: string[] = []

test('shows no secret, no signature and no authorization anywhere', { timeout: 30_000 }, async () => {
  await system.stack.pausePollers()
  const kinds = new Set([...seen.secrets.values()].flatMap((each) => [...each]))
  for (const kind of ['a stored token', 'a stored secret', 'an authorization']) expect(kinds).toContain(kind)
  // Three webhooks, and the tokens that were in use one after the other, with the one that nobody knows.
  expect(seen.secrets.size).toBeGreaterThanOrEqual(3 + 4)
  expect(seen.signatures.size).toBeGreaterThan(20)

  const places = await search()
  lookedAt = [...places.keys()]
  expect(leaking(places)).toEqual([])
  for (const place of ['table ledger', 'table tasks', 'table state', 'metric lines', 'output of the functions'])
    expect(lookedAt).toContain(place)
  for (const part of ['verifier', 'consumer', 'guard', 'rotate-signing', 'rotate-token'])
    expect(lookedAt.some((place) => place.startsWith('log of') && place.endsWith(part))).toBe(true)
  expect(lookedAt).toContain('queue every-event, body')
  expect(lookedAt.some((place) => /quarantine.*, body/i.test(place))).toBe(true)
})

test('and would show one in each of these places', { timeout: 30_000 }, async () => {
  const { signingSecret } = system.connected
  const [signature = ''] = seen.signatures
  const task = await plant(system, logFile, { token: clickup.tokens.service, signingSecret, signature })
  await run(['tasks', 'show', task, '--json'])
  for (const place of ['steps of the start', 'answers of the public route']) shown.push({ place, text: signature })

  const found = leaking(await search()).map(([place]) => place)
  expect(lookedAt.length).toBeGreaterThan(0)
  expect(lookedAt.filter((place) => !found.includes(place))).toEqual([])
})
