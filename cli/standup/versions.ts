import { gatherMaterial } from '../../core/standup/facts/gather.ts'
import type { Material, Scope, Span } from '../../core/standup/material.ts'
import type { AskModel } from '../../core/standup/model/model.ts'
import type { Names } from '../../core/standup/say/names.ts'
import { listPrompts, readPrompt, wordsOf } from '../../core/standup/say/prompts.ts'
import { sayMaterial } from '../../core/standup/say/say.ts'
import type { StandupSettings } from '../../core/standup/settings.ts'
import type { Summary } from '../../core/standup/statement.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { counted } from '../output/notes.ts'
import type { Target } from '../target.ts'

/** One telling of a material, by one version of the prompt. */
type Version = { prompt: string; summary: Summary; names: Names; cites: readonly string[] }

/** What there was to tell, and how each version told it. */
export type ToldHere = { material: Material; versions: Version[] }

/**
 * Gathers what happened and has it told once for each version. It writes nothing but what a model costs.
 * @param prompts versions of the standup prompt, such as `v1`
 * @throws Failure for a prompt that is not there
 */
export async function tellHere(
  io: Io,
  { dynamo, tables }: Pick<Target, 'dynamo' | 'tables'>,
  question: { scope: Scope; span: Span; audience: string; prompts: readonly string[] },
  { settings, folder, ask }: { settings: StandupSettings; folder: string; ask: AskModel },
): Promise<ToldHere> {
  const { scope, span, audience } = question
  // Before anything is read: a mistyped version is told at once.
  const prompts = await Promise.all(question.prompts.map((version) => promptOf(folder, version)))
  const progress = (line: string) => io.progress?.(line)
  try {
    progress('Reading what happened ...')
    const material = await gatherMaterial({ dynamo, tables, settings, progress }, { scope, span, now: io.now() })
    const versions: Version[] = []
    for (const { version, prompt } of prompts) {
      progress(`Telling ${counted(material.facts.length, 'fact')} by ${version} ...`)
      const said = await sayMaterial(material, { ask, prompt, audience, now: io.now() })
      versions.push({ prompt: version, ...said })
    }
    return { material, versions }
  } catch (error) {
    throw isOfEarlier(error)
      ? new Failure(
          'The tables are of an earlier version: deploy this one with npm run deploy, or run npm start again.',
        )
      : error
  } finally {
    io.progress?.(null)
  }
}

/** What a day's time entries are found by is an index that earlier versions did not have. */
const isOfEarlier = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationException' && /specified index/.test(error.message)

async function promptOf(folder: string, version: string) {
  try {
    const prompt = await readPrompt(folder, `standup/${version}`)
    wordsOf(prompt)
    return { version, prompt }
  } catch (error) {
    const there = (await listPrompts(folder, 'standup')).join(', ')
    throw new Failure(
      `The prompt ${version} cannot be used: ${error instanceof Error ? error.message : String(error)} There is ${there || 'none'}.`,
    )
  }
}
