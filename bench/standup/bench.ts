import { gatherMaterial } from '../../core/standup/facts/gather.ts'
import { estimateTokens } from '../../core/standup/facts/tokens.ts'
import { DEFAULT_MODEL, knownPrice } from '../../core/standup/model/price.ts'
import { dataOf } from '../../core/standup/say/data.ts'
import { readPrompt } from '../../core/standup/say/prompts.ts'
import { configSchema } from '../../infra/config.ts'
import { PROMPTS } from '../../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { startDynamo } from '../../test/support/dynamo.ts'
import type { Bench, Figure } from '../figure.ts'
import { playDay } from './day.ts'

/** Of fewer, everything fits into the default room, and it holds to nothing. */
const PEOPLE = { whole: 50, quick: 40 } as const
const HOUR = 3_600_000
const ROOM = 1_000_000
/** As `standup.model.maxOutputTokens` is by default. */
const ANSWER_TOKENS = 3_000
const MODELS = [
  { provider: 'bedrock', id: DEFAULT_MODEL },
  { provider: 'anthropic', id: 'claude-haiku-4-5' },
] as const

/**
 * What a summary of a day takes and costs: how many facts there are, how many tokens the question has with room for all of them and
 * with the default room, and US$ by the list prices, with an answer of the greatest length that the config allows by default.
 */
export const standup: Bench = {
  name: 'standup',
  title: 'what a summary of a day asks a model, and what that costs',
  breaks: ['room'],
  async run({ seed, broken, quick, note }) {
    const people = quick ? PEOPLE.quick : PEOPLE.whole
    const from = Date.UTC(2026, 2, 2, 7)
    const settings = standupSettingsOf(configSchema.parse({}))
    const room = settings.maxInputTokens
    const prompt = await readPrompt(PROMPTS, 'standup/v1')
    const dynamo = await startDynamo()
    try {
      note(`a day of ${people} people`)
      const tables = await dynamo.tables()
      const day = { people, from, connection: 'main' }
      const [first = ''] = await playDay(dynamo.dynamo, tables, day, createRandom(seed))
      const asked = async (inLists: readonly string[], maxInputTokens: number) => {
        const scope = { connection: 'main', lists: [...inLists], spaces: [] }
        const span = { from, until: from + 24 * HOUR, timeZone: 'UTC' }
        const sources = { dynamo: dynamo.dynamo, tables, settings: { ...settings, maxInputTokens } }
        const material = await gatherMaterial(sources, { scope, span, now: span.until })
        const data = estimateTokens(dataOf(material))
        const facts = Object.values(material.totals).reduce((sum, count) => sum + count, 0)
        return { facts, told: material.facts.length, data, input: data + estimateTokens(prompt.text) }
      }
      const [all, usual, one] = [
        await asked([], ROOM),
        // A room that nothing holds to.
        await asked([], broken === 'room' ? ROOM : room),
        await asked([first], broken === 'room' ? ROOM : room),
      ]
      if (all.data <= room)
        throw new Error(`A day of ${all.data} tokens fits into the room of ${room}: nothing was measured.`)
      return [
        plain('facts of a day', all.facts),
        plain('tokens asked, with room for all of them', all.input),
        {
          ...plain('tokens of data asked, with the default room', usual.data),
          aim: { text: `≤ ${room}`, holds: usual.data <= room, decides: true },
        },
        plain('facts told, with the default room', usual.told),
        plain('tokens asked, one list', one.input),
        ...MODELS.map(({ provider, id }) => costOf(provider, id, usual.input)),
      ]
    } finally {
      await dynamo.close()
    }
  },
}

const plain = (figure: string, ours: number): Figure => ({ figure, ours, unit: '', beside: null, aim: null })

function costOf(provider: (typeof MODELS)[number]['provider'], id: string, input: number): Figure {
  const price = knownPrice(provider, id)
  if (price === null) throw new Error(`The price of ${id} is not known`)
  const usd = (input * price.input + ANSWER_TOKENS * price.output) / 1e6
  return { figure: `a summary by ${id}`, ours: usd, unit: 'US$', beside: null, aim: null }
}
