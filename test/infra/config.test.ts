import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connectionsSchema } from '../../core/platform/connections.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import { loadConfig, parseConfig } from '../../infra/load-config.ts'
import { SynthError } from '../../infra/synth-error.ts'
import { consumerTiming, integrationTimeoutSeconds, MAX_VERIFIER_TIMEOUT_SECONDS } from '../../infra/timing.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const directory = mkdtempSync(join(tmpdir(), 'hookline-config-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const file = (name: string, content: string) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

describe('a mistake is one sentence', () => {
  const token = `${'pk'}_123_ABC`
  const manyLists = Array.from({ length: 300 }, (_, index) => String(900_000_000_000 + index))
  const manyTags = Object.fromEntries(manyLists.slice(0, 51).map((list) => [list, 'x']))
  const circle = { self: {}, a: { b: [[[1]]] } }
  circle.self = circle
  const mistakes: [what: string, input: unknown, sentence: string][] = [
    ['no object', 3, 'the config must be an object, but is 3.'],
    ['unknown setting', { stages: 'x' }, 'the config has no setting named stages.'],
    ['unknown inner setting', { consumer: { memory: 512 } }, 'consumer has no setting named memory.'],
    ['wrong type', { examples: 'yes' }, 'examples must be true or false, but is "yes".'],
    ['list expected', { connections: {} }, 'connections must be a list, but is {}.'],
    [
      'stage name',
      { stage: 'Prod' },
      'stage must be 1 to 31 lower-case letters, digits or dashes, and begin with a letter, but is "Prod".',
    ],
    ['no connection', { connections: [] }, 'connections must name at least one connection, but is [].'],
    [
      'a zone that is none',
      { reports: { timeZone: 'Berlin' } },
      'reports.timeZone must be the name of a time zone, such as Europe/Berlin.',
    ],
    [
      'working hours that end before they begin',
      { reports: { workingHours: { from: '17:00', to: '09:00' } } },
      'reports.workingHours must end after they begin.',
    ],
    [
      'a time that is none',
      { reports: { workingHours: { from: '09:00', to: '9' } } },
      'reports.workingHours.to must be a time of the day such as 09:00, but is "9".',
    ],
    [
      'a day of the week that is none',
      { reports: { workingDays: ['monday'] } },
      'reports.workingDays[0] must be some of mon, tue, wed, thu, fri, sat, sun, but is "monday".',
    ],
    [
      'a day that the calendar does not have',
      { reports: { holidays: ['2026-02-30'] } },
      'reports.holidays[0] must be a day such as 2026-12-25.',
    ],
    [
      'a phase that is none',
      { reports: { statuses: { waiting: 'later' } } },
      'reports.statuses.waiting must be notStarted, active or done, but is "later".',
    ],
    ['nameless connection', { connections: [{}] }, 'connections[0].name is missing.'],
    [
      'connection twice',
      { connections: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
      'connections[2].name must be unique, and a stands before.',
    ],
    [
      'event name',
      { connections: [{ name: 'a', filter: { events: ['task_updated'] } }] },
      'connections[0].filter.events[0] must be the name of one of ClickUp\'s events, but is "task_updated".',
    ],
    [
      'event name with a slip of the pen, which would drop every delivery',
      { connections: [{ name: 'a', filter: { events: ['taskStatusUpdate'] } }] },
      'connections[0].filter.events[0] must be the name of one of ClickUp\'s events, but is "taskStatusUpdate".',
    ],
    [
      'filter that keeps nothing',
      { connections: [{ name: 'a', filter: { lists: [] } }] },
      'connections[0].filter.lists must name at least one list, or be left out to keep every one, but is [].',
    ],
    [
      'list id as a number',
      { connections: [{ name: 'a', filter: { lists: [901] } }] },
      'connections[0].filter.lists[0] must be a string, but is 901.',
    ],
    [
      'more connections than fit the environment',
      { connections: [{ name: 'a', filter: { lists: manyLists } }] },
      "connections must fit 2500 bytes as JSON, because Lambda's environment is small, and takes 4577.",
    ],
    [
      'token in the config',
      { stage: token },
      'stage must be 1 to 31 lower-case letters, digits or dashes, and begin with a letter, but is what looks like an API token, which belongs into its secret.',
    ],
    ['token as a name of a setting', { [token]: true }, 'the config has no setting named [an API token].'],
    [
      'circle',
      { stage: circle },
      'stage must be a string, but is <ref *1> { self: [Circular *1], a: { b: [ [Array] ] } }.',
    ],
    [
      'number that is none',
      { ledgerDays: Number.NaN },
      'ledgerDays must be a whole number of days from 29 to 3650, but is NaN.',
    ],
    ['more tags than AWS takes', { tags: manyTags }, 'tags must be at most 50, because AWS takes no more.'],
    [
      'who is told',
      { alarms: { page: ['me'] } },
      'alarms.page[0] must be an e-mail address or an https URL, but is "me".',
    ],
    [
      'an endpoint without TLS',
      { alarms: { warn: ['http://pager.example.com/x'] } },
      'alarms.warn[0] must be an e-mail address or an https URL, but is "http://pager.example.com/x".',
    ],
    [
      'somebody twice',
      { alarms: { note: ['me@example.com', 'me@example.com'] } },
      'alarms.note must name nobody twice.',
    ],
    [
      'an alarm that is none',
      { alarms: { thresholds: { NoDelivery: 1 } } },
      'alarms.thresholds has no setting named NoDelivery.',
    ],
    [
      'a threshold that is none',
      { alarms: { thresholds: { NoDeliveries: '4h' } } },
      'alarms.thresholds.NoDeliveries must be a number from 0 up, but is "4h".',
    ],
    [
      'an anchor',
      { alarms: { runbookUrl: 'https://wiki.example.com/runbook#x' } },
      'alarms.runbookUrl must be the address of a page, without # and without spaces, but is "https://wiki.example.com/runbook#x".',
    ],
    [
      'log lifetime',
      { logDays: 31 },
      'logDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, but is 31.',
    ],
    [
      'ledger that forgets too early',
      { ledgerDays: 28 },
      'ledgerDays must be a whole number of days from 29 to 3650, but is 28.',
    ],
    [
      'verifier slower than ClickUp waits',
      { verifier: { timeoutSeconds: 6 } },
      'verifier.timeoutSeconds must be a whole number of seconds from 1 to 5, but is 6.',
    ],
    [
      'half a second',
      { consumer: { timeoutSeconds: 60.5 } },
      'consumer.timeoutSeconds must be a whole number of seconds from 10 to 900, but is 60.5.',
    ],
    [
      'one batch at a time',
      { consumer: { maxConcurrency: 1 } },
      'consumer.maxConcurrency must be a whole number of batches from 2 to 1000, but is 1.',
    ],
    [
      'memory',
      { verifier: { memoryMb: 64 } },
      'verifier.memoryMb must be a whole number of megabytes from 128 to 10240, but is 64.',
    ],
    [
      'deploy',
      { deploy: { verifier: 'slowly' } },
      "deploy.verifier must be 'canary' or 'all-at-once', but is \"slowly\".",
    ],
    [
      'restored table',
      { restoredTables: { ledger: 'a table' } },
      'restoredTables.ledger must be the name of a table: 3 to 255 letters, digits, dots, dashes or underscores, but is "a table".',
    ],
    [
      'throttling',
      { throttling: { rate: 0 } },
      'throttling.rate must be a whole number of requests a second from 1 to 10000, but is 0.',
    ],
    [
      'domain without its certificate',
      { customDomain: { domainName: 'hooks.example.com' } },
      'customDomain.certificateArn is missing.',
    ],
    [
      'URL for a domain name',
      {
        customDomain: {
          domainName: 'https://hooks.example.com',
          certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1-2',
        },
      },
      'customDomain.domainName must be a domain name in lower case, such as hooks.example.com, but is "https://hooks.example.com".',
    ],
    [
      "the account's own bus",
      { eventBusName: 'default' },
      "eventBusName must be 1 to 256 letters, digits, dots, dashes or underscores, and neither 'default' nor begin with 'aws.', but is \"default\".",
    ],
    ["AWS's tag", { tags: { 'aws:x': 'y' } }, 'tags.aws:x is not a key that AWS takes for a tag.'],
    ['tag that is a number', { tags: { team: 3 } }, 'tags.team must be a string, but is 3.'],
  ]

  it.each(mistakes)('%s', (_, input, sentence) => {
    expect(() => parseConfig(input)).toThrow(new SynthError(`hookline.config.ts: ${sentence}`))
  })

  it('and several are a line each', () => {
    expect(() => parseConfig({ logDays: 'x', ledgerDays: 1 }, 'mine.ts')).toThrow(
      /^mine\.ts: ledgerDays .*\.\nmine\.ts: logDays .*\.$/,
    )
  })

  it.each([
    ['missing.config.ts', undefined, /^There is no config file at .*missing\.config\.ts\.$/],
    ['broken.config.ts', 'export default {', /broken\.config\.ts cannot be read: .+\.$/],
    ['token.config.ts', `throw new Error('${token}')`, /token\.config\.ts cannot be read: \[an API token\]\.$/],
    [
      // It has no settings of its own, so everything would be the default.
      'promise.config.ts',
      "export default Promise.resolve({ stage: 'dev' })",
      /promise\.config\.ts must export its settings as the default: .+\.$/,
    ],
    ['empty.config.ts', 'export const stage = 1', /empty\.config\.ts must export its settings as the default: .+\.$/],
  ])('%s', async (name, content, sentence) => {
    const path = content === undefined ? join(directory, name) : file(name, content)
    await expect(loadConfig(path)).rejects.toThrow(sentence)
  })

  it('which is all that the app prints before it exits with 1', async () => {
    const path = file('wrong.config.ts', "export default { stage: 'Prod' }")
    const { code, output } = await runApp(path)
    expect(output).toMatch(/^\S*wrong\.config\.ts: stage must be 1 to 31 [^\n]+\.\n$/)
    expect(code).toBe(1)
  })
})

/** Runs the app as the CLI does, with the config file of the caller's choice. */
function runApp(config: string): Promise<{ code: number | string | null | undefined; output: string }> {
  const env = { ...process.env, HOOKLINE_CONFIG: config, CDK_OUTDIR: join(directory, 'out'), CDK_VALIDATION: 'false' }
  return new Promise((resolve) => {
    execFile(process.execPath, ['infra/app.ts'], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    )
  })
}

describe('a config', () => {
  it('may be empty: every setting has a default', () => {
    expect(parseConfig({})).toEqual({
      stage: 'prod',
      connections: [{ name: 'main', filter: {}, storeComments: false, storeEmails: false }],
      alarms: { enabled: true, page: [], warn: [], note: [], runbookUrl: 'docs/runbook.md', thresholds: {} },
      ledgerDays: 400,
      logDays: 30,
      verifier: { memoryMb: 256, timeoutSeconds: 5 },
      sync: { memoryMb: 512 },
      rotation: { signingDays: 30, tokenDays: 30, overlapMinutes: 60 },
      consumer: { memoryMb: 512, timeoutSeconds: 60, maxConcurrency: 10, degradedAfterMinutes: 10 },
      pulse: { clickupStatus: true },
      health: true,
      throttling: { rate: 500, burst: 1000 },
      deploy: { verifier: 'canary' },
      restoredTables: {},
      examples: false,
      reports: {
        timeZone: 'UTC',
        workingDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
        workingHours: { from: '09:00', to: '17:00' },
        holidays: [],
        statuses: {},
        sprintFolders: 'sprint',
        people: {},
      },
      tags: {},
    })
  })

  it('gives the functions connections that they can parse', () => {
    const filter = { events: ['taskStatusUpdated', 'keyResultCreated'], lists: ['901'] }
    const { connections } = parseConfig({ connections: [{ name: 'main', filter, storeComments: true }] })
    expect(connectionsSchema.parse(connections)).toEqual(connections)
  })

  it('stands at the root, and can be read', async () => {
    expect(await loadConfig(join(ROOT, 'hookline.config.ts'))).toEqual(parseConfig({}))
  })

  it('is synthesized in silence, without the CLI', async () => {
    const path = file('good.config.ts', "export default { stage: 'quiet' }")
    expect(await runApp(path)).toEqual({ code: 0, output: '' })
    expect(existsSync(join(directory, 'out', 'Hookline-quiet-Service.template.json'))).toBe(true)
  })
})

describe('durations', () => {
  it.each([10, 11, 59, 60, 61, 899, 900])('fit each other for a consumer of %i s', (timeoutSeconds) => {
    const { leaseMs, visibilitySeconds } = consumerTiming(timeoutSeconds)
    expect(leaseMs).toBe(Math.ceil(timeoutSeconds * 1.5) * 1000)
    expect(leaseMs).toBeGreaterThan(timeoutSeconds * 1000)
    expect(visibilitySeconds * 1000).toBeGreaterThan(leaseMs)
    // SQS allows 12 hours.
    expect(visibilitySeconds).toBeLessThanOrEqual(43_200)
    expect(settingsSchema.safeParse({ leaseMs, ledgerDays: 400 }).success).toBe(true)
  })

  it('leave ClickUp, which waits 7 s, an answer from the slowest verifier allowed', () => {
    expect(integrationTimeoutSeconds(MAX_VERIFIER_TIMEOUT_SECONDS)).toBeLessThan(7)
  })
})
