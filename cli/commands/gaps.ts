import { Command } from 'commander'
import * as z from 'zod'
import { createGapStore, type Gap } from '../../core/sync/gaps.ts'
import { connectionOf } from '../connect/examine.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, sinceOption, withCommonOptions } from '../options.ts'
import { gapJson } from '../output/gap-json.ts'
import { gapText } from '../output/gap-text.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { painter, plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import { type Target, withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ connection: z.string().optional(), since: z.number().optional() })
type Options = z.infer<typeof optionsSchema>

export function gapsCommand(io: Io): Command {
  const command = new Command('gaps')
    .summary('when deliveries may have been missed, and what became of it')
    .description(
      'Lists each window in which deliveries may have been missed: when, why, what was wrong and done, what sweeps have ' +
        'repaired in it, what cannot be recovered, and whether a sweep has accounted for all of it. The newest is at ' +
        'the bottom; the latest 200 are kept.',
    )
    .optionsGroup('Which gaps:')
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .addOption(sinceOption('open or ended since: 30m, 2h, 7d, or a time such as 2026-03-01T12:00 (default: all)', io))
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is a list; each has connection, id, cause (suspended, failing, missing,
elsewhere, events, silent, polling, lost), from, to (null while it is open),
detail, givenUp (events that ClickUp said it had given up), repaired, sweptAt
(null until all is accounted for), cannotBeRecovered.

Examples:
  $ npx hookline gaps
  $ npx hookline gaps --since 7d
  $ npx hookline gaps --json | jq 'map(select(.sweptAt == null))'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showGaps(io, target, options))
    })
}

type Named = { connection: string; gap: Gap }

async function showGaps(io: Io, target: Target, { connection: wanted, since = 0, json, utc }: Options): Promise<void> {
  const names = wanted === undefined ? target.connections : [connectionOf(target, wanted)]
  const found = (await Promise.all(names.map((name) => gapsOf(target, name)))).flat()
  const shown = found
    .filter(({ gap }) => gap.to === null || gap.to >= since)
    .sort((a, b) => a.gap.from - b.gap.from || (a.gap.to ?? Infinity) - (b.gap.to ?? Infinity))
  if (json)
    return writeJson(
      io,
      shown.map(({ connection, gap }) => ({ connection, ...gapJson(gap) })),
    )
  const style = { now: io.now(), utc }
  if (shown.length === 0) {
    const when = since === 0 ? '' : ` since ${timeText(since, { ...style, now: 0 })}`
    io.write(`No delivery is known to have been missed${when} (${plain(target.label)}).\n`)
    return
  }
  const fit = { width: io.columns, paint: painter(io.colours), style }
  io.write(`${shown.map(({ connection, gap }) => gapText(connection, gap, fit)).join('\n')}\n`)
  const open = shown.filter(({ gap }) => gap.to === null).length
  const unswept = shown.filter(({ gap }) => gap.sweptAt === null).length
  io.write(`${counted(shown.length, 'gap')}, ${open} still open, ${unswept} not yet accounted for.\n`)
}

async function gapsOf({ dynamo, tables }: Target, connection: string): Promise<Named[]> {
  try {
    const gaps = await createGapStore({ dynamo, table: tables.state }).list(connection)
    return gaps.map((gap) => ({ connection, gap }))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new Failure(
      `What is stored of the gaps of ${connection} cannot be read (half written, or of another version): deploy the version that has written it.`,
    )
  }
}
