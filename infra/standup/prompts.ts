import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPrompt, wordsOf } from '../../core/standup/say/prompts.ts'
import type { StandupSettings } from '../../core/standup/settings.ts'
import type { Config } from '../config.ts'
import { SynthError } from '../synth-error.ts'
import { PROMPTS } from './prompts-folder.ts'
import { standupSettingsOf } from './settings.ts'

type Used = Pick<StandupSettings, 'summaries' | 'recipes'>

/** Prompts whose statements are made of listed words, and those of fields, of which some only choose. */
const toldBy = ({ summaries, recipes }: Used) => [
  ...summaries.map(({ prompt }) => `standup/${prompt}`),
  ...recipes.flatMap(({ act, prompt }) => (act.kind === 'comment' ? [prompt] : [])),
]
const filledBy = ({ recipes }: Used) => recipes.flatMap(({ act, prompt }) => (act.kind === 'field' ? [prompt] : []))

/**
 * Reads the prompts as the function will, so that one that cannot be used is found before it is deployed.
 *
 * @param directory where they are
 * @throws SynthError with a sentence for each
 */
export async function checkPrompts(
  config: Pick<Config, 'connections' | 'reports' | 'standup'>,
  directory = PROMPTS,
): Promise<void> {
  const settings = standupSettingsOf(config)
  const told = new Set(toldBy(settings))
  const sentences = await Promise.all(
    [...new Set([...told, ...filledBy(settings)])].map(async (name) => {
      try {
        const prompt = await readPrompt(directory, name)
        if (told.has(name)) wordsOf(prompt)
        return []
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)]
      }
    }),
  )
  if (sentences.flat().length > 0) throw new SynthError(sentences.flat().join('\n'))
}

/** The files of the prompts that are used, by their paths in the function's asset. */
export function promptFiles(settings: Used): Record<string, string> {
  const names = new Set([...toldBy(settings), ...filledBy(settings)])
  const files = [...names].flatMap((name) => [`${name}.md`, `${name}.words.txt`])
  const there = files.filter((file) => existsSync(join(PROMPTS, file)))
  return Object.fromEntries(there.map((file) => [`prompts/${file}`, readFileSync(join(PROMPTS, file), 'utf8')]))
}
