import type { SummaryLooks } from '../../core/doctor/services.ts'
import { modelSecretName } from '../../core/platform/names.ts'
import { keyHolder, readModelKey } from '../../core/secrets/model-key.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { loadOccasion } from '../../core/standup/deliver/store.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import { listPrompts, readPrompt } from '../../core/standup/say/prompts.ts'
import type { Config } from '../../infra/config.ts'
import { PROMPTS } from '../../infra/standup/prompts-folder.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import type { Io } from '../io.ts'
import type { Target } from '../target.ts'

/** What the doctor looks at of summaries and recipes; null where the config has none. */
export async function summaryLooks(
  io: Io,
  target: Target,
  stage: string,
  config: Config,
): Promise<SummaryLooks | null> {
  if (config.standup === undefined) return null
  const settings = standupSettingsOf(config)
  const state = { dynamo: target.dynamo, table: target.tables.state }
  return {
    settings,
    isDeployed: (await target.queues()).standup !== undefined,
    prompt: (name) => readPrompt(PROMPTS, name),
    versions: () => listPrompts(PROMPTS, 'standup'),
    async key() {
      const { model } = settings
      if (model === null) return null
      return readModelKey(secretsManagerSource(target.secrets), modelSecretName(stage), keyHolder(model))
    },
    spent: () => createSpending({ ...state, clock: { now: io.now } }, settings.caps).look(),
    record: (occasion) => loadOccasion(state, occasion),
  }
}
