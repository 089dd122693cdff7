import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../../core/platform/log.ts'
import { startModelServer } from '../../../local/model/server.ts'
import { setUpFunction, startParts } from '../../functions/standup-support.ts'

/**
 * Summaries that the function tells by a model, by template, and to a task that is not there; a model that fails, and a prompt that is
 * gone.
 */
export async function tell(log: Log): Promise<void> {
  const parts = await startParts()
  const server = await startModelServer({ seed: 1, behaviour: ['good', 'serverError'] })
  const price = { input: 1, output: 1 }
  const model = { provider: 'openai-compatible', id: 'tiny', price, timeoutMs: 5_000, maxOutputTokens: 1_000 }
  const nowhere = { comment: { task: 'gone' }, event: false }
  try {
    using its = await setUpFunction(parts, { model, modelUrl: server.openaiUrl, to: [{}, nowhere, {}] })
    const [first, second, third] = its.names.map((name) => its.summaryJob(name))
    await its.handle(first)
    await its.handle(second)
    rmSync(join(its.directory, 'prompts'), { recursive: true })
    await its.handle(third)
    for (const { level, message, fields } of its.lines) log[level](message, fields)
  } finally {
    await server.close()
    await parts.close()
  }
}
