import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod'
import { IANA_NAME, isIanaName } from './parts.ts'
import { PROMPTS } from './prompts-folder.ts'

type Named = { name: string; connection?: string | undefined; prompt?: string | undefined }
type Summary = Named & { timeZone?: string | undefined }
type Recipe = Named & { on: { at?: string | undefined; timeZone?: string | undefined } }

/** As much of a config as this looks at. */
type Checked = {
  connections: readonly { name: string }[]
  reports: { timeZone: string }
  standup?: { prompt: string; summaries: readonly Summary[]; recipes: readonly Recipe[] } | undefined
}

/** What one setting alone cannot tell: names that are free, connections and prompts that are there. */
export function checkStandup({ connections, reports, standup }: Checked, context: z.RefinementCtx): void {
  if (standup === undefined) return
  const demand = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path: ['standup', ...path], message })
  const { summaries, recipes } = standup
  const all: { of: Named; path: (string | number)[] }[] = [
    ...summaries.map((of, index) => ({ of, path: ['summaries', index] })),
    ...recipes.map((of, index) => ({ of, path: ['recipes', index] })),
  ]
  for (const [index, { of, path }] of all.entries()) {
    const { name, connection } = of
    if (all.findIndex((other) => other.of.name === name) < index)
      demand([...path, 'name'], `must be unique, and ${name} stands before`)
    if (connection !== undefined && !connections.some((each) => each.name === connection))
      demand([...path, 'connection'], `must be the name of a connection, and there is no ${connection}`)
  }
  if (summaries.length > 0) checkPrompt(`standup/${standup.prompt}`, ['prompt'], demand)
  for (const [index, { prompt }] of summaries.entries())
    if (prompt !== undefined) checkPrompt(`standup/${prompt}`, ['summaries', index, 'prompt'], demand)
  for (const [index, { prompt }] of recipes.entries())
    if (prompt !== undefined) checkPrompt(prompt, ['recipes', index, 'prompt'], demand)

  const ofReports = [...summaries, ...recipes.flatMap(({ on }) => (on.at === undefined ? [] : [on]))]
  if (!isIanaName(reports.timeZone) && ofReports.some(({ timeZone }) => timeZone === undefined))
    context.addIssue({
      code: 'custom',
      path: ['reports', 'timeZone'],
      message: `${IANA_NAME}, because summaries go by it`,
    })
}

/** A folder and a file, both of plain names: nothing that leads out of the folder of prompts. */
const PROMPT = /^[a-z0-9-]+\/[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

function checkPrompt(
  prompt: string,
  path: (string | number)[],
  demand: (path: (string | number)[], message: string) => void,
) {
  if (!PROMPT.test(prompt) || !existsSync(join(PROMPTS, `${prompt}.md`)))
    demand(path, `must name a prompt that is there, and there is no prompts/${prompt}.md`)
}
