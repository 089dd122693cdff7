import { gatherMaterial } from '../../core/standup/facts/gather.ts'
import { notConfigured } from '../../core/standup/model/none.ts'
import { namesOf } from '../../core/standup/say/names.ts'
import { readPrompt } from '../../core/standup/say/prompts.ts'
import { sayMaterial } from '../../core/standup/say/say.ts'
import { summaryText } from '../../core/standup/say/text.ts'
import { loadConfig } from '../../infra/load-config.ts'
import { PROMPTS } from '../../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import type { LocalSystem } from './system.ts'

/** Hundreds of things happen in half a minute: what is told of them fits onto a screen or two. */
const ROOM = 2_500

/** For whom it is told; the template speaks the same to everybody. */
const AUDIENCE = 'whoever looks on'

/**
 * What people did since a time (ms since 1970), told by template from the stack's own tables: no model is asked, so it needs no key.
 * @returns lines for people
 */
export async function digestSince(
  { clients: { dynamo }, details }: Pick<LocalSystem, 'clients' | 'details'>,
  since: number,
  now: number,
): Promise<string[]> {
  const settings = standupSettingsOf(await loadConfig())
  const { timeZone } = settings.reports
  const material = await gatherMaterial(
    { dynamo, tables: details.tables, settings: { ...settings, maxInputTokens: ROOM } },
    {
      scope: { connection: details.connection, lists: [], spaces: [] },
      span: { from: since, until: now, timeZone },
      now,
    },
  )
  const prompt = await readPrompt(PROMPTS, 'standup/v1')
  const { summary } = await sayMaterial(material, { ask: notConfigured, prompt, audience: AUDIENCE, now })
  return summaryText(summary, namesOf(material), 'terminal').trimEnd().split('\n')
}
