import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StandupSettings, SummarySettings } from '../../core/standup/settings.ts'
import { loadConfig } from '../../infra/load-config.ts'
import { PROMPTS } from '../../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import { SynthError } from '../../infra/synth-error.ts'
import { Failure } from '../failure.ts'

const FIRST_PROMPT = 'v1'

/**
 * What the config says of summaries, and the version of the prompt for what it does not name; where it says nothing, the defaults:
 * no model and no summary.
 * @throws Failure
 */
export async function loadSettings(): Promise<{ settings: StandupSettings; prompt: string }> {
  try {
    const config = await loadConfig()
    return { settings: standupSettingsOf(config), prompt: config.standup?.prompt ?? FIRST_PROMPT }
  } catch (error) {
    throw error instanceof SynthError ? new Failure(error.message.replaceAll('\n', ' ')) : error
  }
}

/** Where the prompts are: beside whoever calls, else in the project. */
export function promptsFolder(cwd: string): string {
  const own = join(cwd, 'prompts')
  return existsSync(own) ? own : PROMPTS
}

/** @throws Failure that names those there are */
export function summaryNamed({ summaries }: StandupSettings, name: string): SummarySettings {
  const found = summaries.find((summary) => summary.name === name)
  if (found !== undefined) return found
  const names = summaries.map((each) => each.name).join(', ')
  throw new Failure(
    names === ''
      ? `There is no summary ${name}: hookline.config.ts has none under standup. Without a name it tells what happened.`
      : `There is no summary ${name} under standup in hookline.config.ts: there is ${names}.`,
  )
}
