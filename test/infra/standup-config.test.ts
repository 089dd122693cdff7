import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL, knownPrice } from '../../core/standup/model/price.ts'
import { standupSettingsSchema } from '../../core/standup/settings.ts'
import type { ConfigInput } from '../../infra/config.ts'
import { parseConfig } from '../../infra/load-config.ts'
import { checkPrompts } from '../../infra/standup/prompts.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import { SynthError } from '../../infra/synth-error.ts'

const DAILY = { name: 'daily', to: { event: true } }
const settingsOf = (input: ConfigInput) => standupSettingsOf(parseConfig(input))
const mistakeOf = (input: unknown): string => {
  try {
    parseConfig(input)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('The config was let through')
}

describe('a mistake is one sentence', () => {
  const recipe = { name: 'note', on: { status: 'done' }, comment: true }
  const model = (given: object) => ({ standup: { summaries: [DAILY], model: given } })
  const summary = (given: object) => ({ standup: { summaries: [{ ...DAILY, ...given }] } })
  const recipes = (given: object) => ({ standup: { recipes: [{ ...recipe, ...given }] } })

  it.each<[what: string, input: unknown, sentence: string]>([
    ['nothing to do', { standup: {} }, 'standup must have at least one summary or recipe, or be left out.'],
    ['an unknown setting', { standup: { summary: [] } }, 'standup has no setting named summary.'],
    [
      'a summary for nobody',
      summary({ to: {} }),
      'standup.summaries[0].to must name a comment, a field or an event, else nobody gets the summary.',
    ],
    [
      'a name twice, also across kinds',
      { standup: { summaries: [DAILY], recipes: [{ ...recipe, name: 'daily' }] } },
      'standup.recipes[0].name must be unique, and daily stands before.',
    ],
    [
      'a connection that is none',
      summary({ connection: 'ops' }),
      'standup.summaries[0].connection must be the name of a connection, and there is no ops.',
    ],
    [
      'a time zone that is none',
      summary({ timeZone: 'Europe/Atlantis' }),
      'standup.summaries[0].timeZone must be the name of a time zone as IANA writes it, such as Europe/Berlin.',
    ],
    [
      'a time zone in the wrong case, which EventBridge does not know',
      summary({ timeZone: 'Europe/berlin' }),
      'standup.summaries[0].timeZone must be the name of a time zone as IANA writes it, such as Europe/Berlin.',
    ],
    [
      'an offset of the reports, which EventBridge does not know',
      { reports: { timeZone: '+02:00' }, ...summary({}) },
      'reports.timeZone must be the name of a time zone as IANA writes it, such as Europe/Berlin, because summaries go by it.',
    ],
    ['no day', summary({ days: [] }), 'standup.summaries[0].days must name at least one day, but is [].'],
    ['a day twice', summary({ days: ['mon', 'mon'] }), 'standup.summaries[0].days must name no day twice.'],
    [
      'a time that is none',
      summary({ at: '9:00' }),
      'standup.summaries[0].at must be a time of the day such as 09:00, but is "9:00".',
    ],
    [
      'a custom task id',
      summary({ to: { comment: { task: 'DEV-12' } } }),
      `standup.summaries[0].to.comment.task must be the id of a task, as at the end of the task's address in ClickUp, but is "DEV-12".`,
    ],
    [
      'the name of a list',
      summary({ lists: ['Backend'] }),
      'standup.summaries[0].lists[0] must be the id of a list, in digits, but is "Backend".',
    ],
    [
      'a prompt that is not there',
      summary({ prompt: 'v99' }),
      'standup.summaries[0].prompt must name a prompt that is there, and there is no prompts/standup/v99.md.',
    ],
    [
      'a prompt from elsewhere',
      recipes({ prompt: '../docs/operations' }),
      'standup.recipes[0].prompt must name a prompt that is there, and there is no prompts/../docs/operations.md.',
    ],
    [
      'a recipe without an occasion',
      recipes({ on: {} }),
      "standup.recipes[0].on must have either a status, or a time such as at: '18:00'.",
    ],
    [
      'a recipe with two',
      recipes({ on: { status: 'done', at: '18:00' } }),
      "standup.recipes[0].on must have either a status, or a time such as at: '18:00'.",
    ],
    [
      'days of a status',
      recipes({ on: { status: 'done', days: ['mon'] } }),
      'standup.recipes[0].on must have days and a time zone only together with a time.',
    ],
    [
      'a recipe that does two things',
      recipes({ fill: { field: 'Risk' } }),
      'standup.recipes[0] must have either fill: { field } or comment: true.',
    ],
    [
      'an unknown provider',
      model({ provider: 'openai' }),
      'standup.model.provider must be bedrock, openai-compatible or anthropic, but is "openai".',
    ],
    [
      'no id where there is no default',
      model({ provider: 'anthropic' }),
      'standup.model.id must name a model, because there is no default for anthropic.',
    ],
    [
      'no price where it is not known',
      model({ provider: 'openai-compatible', id: 'qwen3-8b', baseUrl: 'http://127.0.0.1:8080/v1' }),
      'standup.model.price must say what qwen3-8b costs, as { input, output } in US$ for a million tokens: its price is not known here.',
    ],
    [
      'no address of a server',
      model({ provider: 'openai-compatible', id: 'qwen3-8b', price: { input: 0, output: 0 } }),
      'standup.model.baseUrl must say where the server is, such as https://models.example.com/v1.',
    ],
    [
      'prompts in the clear over a network',
      model({ provider: 'openai-compatible', id: 'm', price: { input: 0, output: 0 }, baseUrl: 'http://10.0.0.7/v1' }),
      'standup.model.baseUrl must be an https URL such as https://models.example.com/v1, or http on 127.0.0.1.',
    ],
    [
      'an address that another provider has',
      model({ baseUrl: 'https://models.example.com/v1' }),
      'standup.model.baseUrl must be left out, because bedrock has its own address.',
    ],
    [
      'a region of one that has none',
      model({ provider: 'anthropic', id: 'claude-haiku-4-5', region: 'eu-west-1' }),
      'standup.model.region must be left out, because only Bedrock has regions.',
    ],
    [
      'a negative cap',
      { standup: { summaries: [DAILY], caps: { dayUsd: -1 } } },
      'standup.caps.dayUsd must be a number of US$ from 0 up, but is -1.',
    ],
  ])('%s', (_what, input, sentence) => {
    expect(mistakeOf(input)).toBe(`hookline.config.ts: ${sentence}`)
  })

  it('and never repeats a key that was written into an address', () => {
    const secret = 'pk' + '_123_ABCDEF'
    const baseUrl = `https://user:${secret}@models.example.com/v1`
    expect(mistakeOf(model({ provider: 'openai-compatible', id: 'm', baseUrl }))).not.toContain(secret)
  })
})

describe('the prompts', () => {
  const named = parseConfig({
    standup: { summaries: [DAILY], recipes: [{ name: 'risk', on: { status: 'done' }, fill: { field: 'Risk' } }] },
  })

  it('that come with Hookline can be used', async () => {
    await expect(checkPrompts(named)).resolves.toBeUndefined()
  })

  it('are read before they are deployed, and each that is wrong is told', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hookline-prompts-'))
    try {
      for (const folder of ['standup', 'field']) mkdirSync(join(directory, folder))
      writeFileSync(join(directory, 'standup', 'v1.md'), 'Say what happened.')
      writeFileSync(join(directory, 'field', 'v1.md'), 'Choose for {{somebody}}.')
      const told = await checkPrompts(named, directory).catch((error: unknown) => error)
      expect(told).toBeInstanceOf(SynthError)
      expect(String(told)).toContain('prompts/standup/v1.md has no word list')
      expect(String(told)).toContain('prompts/field/v1.md has {{somebody}}')
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe('the settings of the function', () => {
  it('of a stage without summaries are the defaults, with nothing to do', () => {
    expect(settingsOf({})).toMatchObject({
      model: null,
      caps: { dayUsd: 1, monthUsd: 10 },
      blockers: { statuses: ['blocked', 'on hold', 'waiting'], tags: ['blocked'] },
      maxInputTokens: 6000,
      summaries: [],
      recipes: [],
    })
  })

  it('take the first connection and the time zone of the reports where nothing else is said', () => {
    const { summaries, recipes } = settingsOf({
      connections: [{ name: 'main' }, { name: 'ops' }],
      reports: { timeZone: 'Europe/Berlin' },
      standup: {
        summaries: [DAILY, { ...DAILY, name: 'ops', connection: 'ops', timeZone: 'UTC', at: '17:30', days: ['fri'] }],
        recipes: [
          { name: 'note', on: { status: 'In Review' }, comment: true },
          { name: 'risk', on: { at: '18:00' }, lists: ['1'], fill: { field: 'Risk' } },
        ],
      },
    })
    const days = ['mon', 'tue', 'wed', 'thu', 'fri']
    const everywhere = { lists: [], spaces: [] }
    expect(summaries).toEqual([
      {
        ...{ name: 'daily', connection: 'main', ...everywhere, timeZone: 'Europe/Berlin', days, at: '09:00' },
        ...{ audience: 'the team', prompt: 'v1', to: { event: true } },
      },
      {
        ...{ name: 'ops', connection: 'ops', ...everywhere, timeZone: 'UTC', days: ['fri'], at: '17:30' },
        ...{ audience: 'the team', prompt: 'v1', to: { event: true } },
      },
    ])
    expect(recipes).toEqual([
      {
        ...{ name: 'note', connection: 'main', ...everywhere, prompt: 'task/v1' },
        ...{ on: { kind: 'status', status: 'In Review' }, act: { kind: 'comment' } },
      },
      {
        ...{ name: 'risk', connection: 'main', lists: ['1'], spaces: [], prompt: 'field/v1' },
        on: { kind: 'schedule', timeZone: 'Europe/Berlin', days, at: '18:00' },
        act: { kind: 'field', field: 'Risk' },
      },
    ])
  })

  it('have a default model in Bedrock, with the price that is known', () => {
    expect(settingsOf({ standup: { summaries: [DAILY], model: {} } }).model).toEqual({
      ...{ provider: 'bedrock', id: DEFAULT_MODEL, price: knownPrice('bedrock', DEFAULT_MODEL) },
      ...{ timeoutMs: 30_000, maxOutputTokens: 3000 },
    })
  })

  it('have a server of one’s own with the price that the config says', () => {
    const baseUrl = 'http://127.0.0.1:8080/v1'
    const given = { provider: 'openai-compatible', id: 'qwen3-8b', baseUrl, price: { input: 0, output: 0 } } as const
    expect(settingsOf({ standup: { summaries: [DAILY], model: given } }).model).toMatchObject(given)
  })

  it('are what the function parses', () => {
    const settings = settingsOf({ standup: { summaries: [DAILY], model: {} } })
    expect(standupSettingsSchema.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })
})
