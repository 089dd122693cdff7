import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { painter, plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { deliverSummary } from './deliver.ts'
import { hereJson, hereText } from './here-texts.ts'
import { modelOf } from './model.ts'
import { scopeAsked } from './scope.ts'
import { loadSettings, promptsFolder } from './settings.ts'
import { spanAsked } from './span.ts'
import type { StandupOptions } from './standup-options.ts'
import { tellHere } from './versions.ts'

/** What somebody asks for without a name is told to them. */
const AUDIENCE = 'whoever asks, who knows the team'

/** Tells what happened here, or delivers a summary of the config. */
export async function standup(io: Io, target: Target, name: string | undefined, options: StandupOptions) {
  const { settings, prompt } = await loadSettings()
  const folder = promptsFolder(io.cwd)
  const { ask, reasons, close } = await modelOf(io, target, settings, options)
  try {
    const telling = { settings, folder, ask }
    if (name !== undefined) return await deliverSummary(io, target, name, options, telling)
    const scope = await scopeAsked(target, options)
    const span = spanAsked(options, settings.reports, io.now())
    const prompts = options.prompt.length > 0 ? options.prompt : [prompt]
    const told = await tellHere(io, target, { scope, span, audience: AUDIENCE, prompts }, telling)
    if (options.json) writeJson(io, { target: target.label, name: null, day: null, ...hereJson(told) })
    else io.write(hereText(told, painter(io.colours)))
  } finally {
    for (const reason of reasons) io.note(plain(reason))
    close()
  }
}
