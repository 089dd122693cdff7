import { expect, it } from 'vitest'
import { recursion } from '../../core/doctor/checks/deployment.ts'
import { summaries } from '../../core/doctor/checks/summaries.ts'
import type { DoctorServices, SummaryLooks } from '../../core/doctor/services.ts'
import type { OccasionRecord } from '../../core/standup/deliver/record.ts'
import { type Prompt, readPrompt } from '../../core/standup/say/prompts.ts'
import type { ModelSettings } from '../../core/standup/settings.ts'
import type { NoModel, Summary } from '../../core/standup/statement.ts'
import { configSchema } from '../../infra/config.ts'
import { PROMPTS } from '../../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import { DAY, NOW, stage } from './patient.ts'

/** Due at nine: on Monday, the second of March, three hours before the doctor looks. */
const config = configSchema.parse({
  standup: { summaries: [{ name: 'platform', to: { comment: { task: '86c2k4x7q' } } }], recipes: [] },
})
const settings = standupSettingsOf(config)
const model: ModelSettings = {
  ...{ provider: 'anthropic', id: 'claude-haiku-4-5', price: { input: 1, output: 5 } },
  ...{ timeoutMs: 30_000, maxOutputTokens: 1_500 },
}

const summary: Summary = {
  ...{ statements: [], by: { kind: 'template', why: 'notConfigured' }, removed: {}, added: 0, notes: [], left: 0 },
  ...{ tokens: { input: 0, output: 0 }, costUsd: 0, about: 'Acme', watermark: null, madeAt: NOW },
  span: { from: NOW - DAY, until: NOW, timeZone: 'UTC' },
}
const done = { stage: 'done', at: NOW, id: '1' } as const
const told = (over: Partial<OccasionRecord> = {}): OccasionRecord => ({
  occasion: { kind: 'summary', connection: 'main', name: 'platform', prompt: 'standup/v1', on: '2026-03-02' },
  ...{ version: 1, owner: null, leaseUntil: 0, tries: 1, openedAt: NOW, dropped: null },
  made: { kind: 'summary', summary },
  outputs: { comment: done },
  ...over,
})

/** What is kept, by its day. */
const kept =
  (records: Record<string, OccasionRecord>): SummaryLooks['record'] =>
  async ({ on }) =>
    (typeof on === 'string' ? records[on] : undefined) ?? null

const spent = { todayUsd: 0, monthUsd: 0, failuresInARow: 0, lastFailure: null }
const looks = (over: Partial<SummaryLooks> = {}): SummaryLooks => ({
  settings,
  isDeployed: true,
  prompt: (name) => readPrompt(PROMPTS, name),
  versions: async () => ['v1', 'v2'],
  key: async () => null,
  spent: async () => spent,
  record: kept({ '2026-03-02': told() }),
  ...over,
})
const said = (over: Partial<SummaryLooks> = {}) => summaries(stage({ summaries: looks(over) }))

it('has nothing to say where there are none', async () => {
  expect(await summaries(stage())).toMatchObject({ level: 'skip', text: 'None are configured.' })
})

it('passes where the last one was told, and says what it may cost', async () => {
  expect(await said()).toMatchObject({ level: 'pass', text: '1 summary, 0 recipes, told by template.' })
  const withModel = { settings: { ...settings, model }, key: async () => 'k' }
  expect(
    await said({ ...withModel, spent: async () => ({ ...spent, todayUsd: 0.0123, monthUsd: 0.4 }) }),
  ).toMatchObject({
    level: 'pass',
    text: '1 summary, 0 recipes, claude-haiku-4-5, 0.012 of 1 US$ today and 0.4 of 10 this month (UTC).',
  })
})

it('what has to wait may come back to the function, too, where it is deployed', async () => {
  const aws: DoctorServices['aws'] = {
    ...stage().aws,
    recursion: async (name) => (name === 'hookline-prod-standup' ? 'terminate' : 'allow'),
  }
  expect(await recursion(stage({ aws, summaries: looks() }))).toMatchObject({
    ...{ level: 'fail', text: expect.stringContaining('hookline-prod-standup') },
  })
  expect(await recursion(stage({ aws }))).toMatchObject({ level: 'pass' })
})

it('fails where it is not deployed, or a prompt is missing', async () => {
  expect(await said({ isDeployed: false })).toMatchObject({ level: 'fail', advice: /npm run deploy/ })
  const [summary] = settings.summaries
  if (summary === undefined) throw new Error('there is no summary')
  expect(await said({ settings: { ...settings, summaries: [{ ...summary, prompt: 'v9' }] } })).toMatchObject({
    level: 'fail',
    text: /prompts\/standup\/v9\.md/,
  })
  const speechless = async (name: string): Promise<Prompt> => ({ name, text: 'Tell it.', words: null })
  expect(await said({ prompt: speechless })).toMatchObject({ level: 'fail', text: /has no word list/ })
})

it('fails without the key that Anthropic wants, which others can do without', async () => {
  expect(await said({ settings: { ...settings, model } })).toMatchObject({ level: 'fail', advice: /rotate model-key/ })
  const refused = async () => Promise.reject(new Error('AccessDenied'))
  expect(await said({ settings: { ...settings, model }, key: refused })).toMatchObject({
    level: 'fail',
    text: /cannot be read/,
  })
  const own = { ...model, provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' } as const
  expect(await said({ settings: { ...settings, model: own } })).toMatchObject({ level: 'pass' })
  const bedrock = { ...model, provider: 'bedrock' } as const
  expect(await said({ settings: { ...settings, model: bedrock }, key: refused })).toMatchObject({ level: 'pass' })
})

it('warns of a model that does not answer, and of a cap that is nearly spent', async () => {
  const withModel = { settings: { ...settings, model }, key: async () => 'k' }
  const lastFailure = { at: NOW, why: 'timeout' as const satisfies NoModel }
  const failing = { ...withModel, spent: async () => ({ ...spent, failuresInARow: 3, lastFailure }) }
  expect(await said(failing)).toMatchObject({ level: 'warn', text: /3 times in a row \(timeout\)/ })
  expect(await said({ ...failing, spent: async () => ({ ...spent, failuresInARow: 2, lastFailure }) })).toMatchObject({
    level: 'pass',
  })
  for (const nearly of [{ todayUsd: 0.95 }, { monthUsd: 9.5 }])
    expect(await said({ ...withModel, spent: async () => ({ ...spent, ...nearly }) })).toMatchObject({
      level: 'warn',
      text: /nearly spent/,
    })
})

it('tells one that stopped from one that is new', async () => {
  expect(await said({ record: kept({}) })).toMatchObject({ level: 'warn', text: /platform of 2026-03-02 .* is new/ })
  // Friday's is there, and Monday's is not.
  expect(await said({ record: kept({ '2026-02-27': told() }) })).toMatchObject({
    level: 'fail',
    text: 'platform of 2026-03-02 was not told when it was due.',
    advice: /npx hookline standup platform/,
  })
})

it('is content with a day that another version of the prompt has told: to tell it by the new one would tell it twice', async () => {
  const [summary] = settings.summaries
  if (summary === undefined) throw new Error('there is no summary')
  const over = {
    settings: { ...settings, summaries: [{ ...summary, prompt: 'v2' }] },
    prompt: () => readPrompt(PROMPTS, 'standup/v1'),
  }
  const by = (prompt: string, days: readonly string[]) => async (occasion: OccasionRecord['occasion']) =>
    occasion.prompt === prompt && days.includes(String(occasion.on)) ? told() : null
  expect(await said({ ...over, record: by('standup/v1', ['2026-03-02']) })).toMatchObject({ level: 'pass' })
  expect(await said({ ...over, record: by('standup/v2', ['2026-02-27']) })).toMatchObject({
    ...{ level: 'fail', text: 'platform of 2026-03-02 was not told when it was due.' },
  })
})

it('gives it half an hour, and waits while Hookline is paused', async () => {
  const record = kept({ '2026-02-27': told(), '2026-02-26': told() })
  const soon = { now: () => NOW - DAY / 8 + 29 * 60_000 }
  expect(await summaries(stage({ summaries: looks({ record }), clock: soon }))).toMatchObject({ level: 'pass' })
  const pause = { v: 1, since: 1, by: 'kim', reason: null, past: [] } as const
  expect(await summaries(stage({ summaries: looks({ record }) }, { pause: { ...pause, past: [] } }))).toMatchObject({
    level: 'pass',
    text: /they wait for the end of the pause/,
  })
})

it('says where it did not go, and which is not done', async () => {
  const failed = { stage: 'failed', at: NOW, reason: 'there is no such task' } as const
  expect(await said({ record: kept({ '2026-03-02': told({ outputs: { comment: failed } }) }) })).toMatchObject({
    level: 'fail',
    text: 'platform of 2026-03-02 did not go everywhere (comment: there is no such task).',
  })
  const open = told({ outputs: { comment: { stage: 'open' } } })
  expect(await said({ record: kept({ '2026-03-02': open }) })).toMatchObject({ level: 'warn', text: /not told yet/ })
})
