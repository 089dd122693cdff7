import { grouped } from '../../core/quarantine/groups.ts'
import type { Selection } from '../../core/quarantine/select.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { painter, plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { lookFor, queuesOf } from './look.ts'
import { forJson, groupsText, messagesText } from './texts.ts'

export type ListOptions = Selection & { json: boolean; utc: boolean; look: number; each: boolean }

/** What is in the quarantine, by why it is there. Nothing is changed; nobody else sees it while it is looked at. */
export async function listQuarantine(io: Io, target: Target, options: ListOptions): Promise<void> {
  const { messages, about, looked, more } = await lookFor(io, await queuesOf(target), options, options.look)
  const groups = grouped(messages)
  if (options.json) {
    const shown = groups.map(({ examples, ...group }) => ({ ...group, examples: examples.map(({ id }) => id) }))
    return writeJson(io, { about, looked, more, groups: shown, messages: messages.map(forJson) })
  }
  const fit = { width: io.columns, paint: painter(io.colours) }
  if (messages.length === 0) {
    const isAll = looked === 0 && about === 0
    return io.write(`${plain(isAll ? 'The quarantine is empty' : 'No such message was seen')} (${target.label}).\n`)
  }
  io.write(`${counted(messages.length, 'message')} in the quarantine (${plain(target.label)}).\n\n`)
  io.write(groupsText(groups, fit, io.now()))
  if (!options.each) return io.note('--each lists them one by one; npx hookline quarantine show ID shows one whole.')
  io.write(`\n${messagesText(messages, fit, { now: io.now(), utc: options.utc })}`)
}
