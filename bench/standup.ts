import { parseArgs } from 'node:util'
import { gatherMaterial } from '../core/standup/facts/gather.ts'
import { estimateTokens } from '../core/standup/facts/tokens.ts'
import { DEFAULT_MODEL, knownPrice } from '../core/standup/model/price.ts'
import { dataOf } from '../core/standup/say/data.ts'
import { readPrompt } from '../core/standup/say/prompts.ts'
import { configSchema } from '../infra/config.ts'
import { PROMPTS } from '../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../infra/standup/settings.ts'
import { createRandom } from '../local/clickup/random.ts'
import { startDynamo } from '../test/support/dynamo.ts'
import { playDay } from './standup/day.ts'

/**
 * What a summary of a day takes and costs: how many facts there are, how many tokens the question has with room for all of them and
 * with the default room, and US$ by the list prices, with an answer of the greatest length that the config allows by default.
 *
 *     node bench/standup.ts [--people N] [--seed N] [--json]
 */
const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const HOUR = 3_600_000
const WORKING_DAYS = 22
const ROOM = 1_000_000
/** As `standup.model.maxOutputTokens` is by default. */
const ANSWER_TOKENS = 3_000
const MODELS = [
  { provider: 'bedrock', id: DEFAULT_MODEL },
  { provider: 'anthropic', id: 'claude-haiku-4-5' },
] as const

const people = Number(values.people)
const from = Date.UTC(2026, 2, 2, 7)
const settings = standupSettingsOf(configSchema.parse({}))
const prompt = await readPrompt(PROMPTS, 'standup/v1')
const dynamo = await startDynamo()
try {
  const tables = await dynamo.tables()
  const day = { people, from, connection: 'main' }
  const lists = await playDay(dynamo.dynamo, tables, day, createRandom(Number(values.seed)))
  const [first = ''] = lists
  const rows = [
    await measured(`all ${people}, room for everything`, [], ROOM),
    await measured(`all ${people}, as by default`, [], settings.maxInputTokens),
    await measured(`one list of ${Math.min(people, 5)}`, [first], settings.maxInputTokens),
  ]
  if (values.json) console.log(JSON.stringify({ people, seed: Number(values.seed), lists: lists.length, rows }))
  else console.table(rows)

  async function measured(what: string, inLists: readonly string[], maxInputTokens: number) {
    const scope = { connection: 'main', lists: [...inLists], spaces: [] }
    const span = { from, until: from + 24 * HOUR, timeZone: 'UTC' }
    const began = performance.now()
    const sources = { dynamo: dynamo.dynamo, tables, settings: { ...settings, maxInputTokens } }
    const material = await gatherMaterial(sources, { scope, span, now: span.until })
    const input = estimateTokens(dataOf(material)) + estimateTokens(prompt.text)
    const facts = Object.values(material.totals).reduce((sum, count) => sum + count, 0)
    const cost = MODELS.map(({ provider, id }) => {
      const price = knownPrice(provider, id)
      if (price === null) throw new Error(`The price of ${id} is not known`)
      const usd = (input * price.input + ANSWER_TOKENS * price.output) / 1e6
      return [[`${id}, each`, rounded(usd)] as const, [`${id}, a month`, rounded(usd * WORKING_DAYS)] as const]
    })
    const gatheredMs = Math.round(performance.now() - began)
    return { what, facts, told: material.facts.length, input, gatheredMs, ...Object.fromEntries(cost.flat()) }
  }
} finally {
  await dynamo.close()
}

function rounded(usd: number): number {
  return Number(usd.toPrecision(2))
}
