import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { columnsOf } from '../../core/export/export.ts'
import { EXPORTS } from '../../core/export/kind.ts'
import { optionsSchema, whatSchema } from '../export/export-options.ts'
import { runExport } from '../export/run.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { nameOption, sinceOption, withCommonOptions, word } from '../options.ts'
import { parseSince } from '../output/time.ts'
import { withTarget } from '../target.ts'

export function exportCommand(io: Io): Command {
  const command = new Command('export')
    .summary('changes, tasks, status intervals or time entries, as NDJSON or CSV')
    .description(
      'Writes what Hookline knows, row by row, to standard output or to a file. With --since it is an increment: what was ' +
        'taken in from then on. It says where the next one begins, or keeps that in a --cursor-file; increments overlap, ' +
        'so a row may come twice and none is left out.',
    )
    .addArgument(new Argument('<what>', 'what to export').choices(EXPORTS))
    .optionsGroup('Which rows:')
    .addOption(sinceOption('taken in since: 30m, 2h, 7d, or a time such as 2026-03-01T12:00 (default: everything)', io))
    .addOption(
      new Option('--until <time>', 'taken in before').argParser((text) => {
        const until = parseSince(text, io.now())
        if (until !== null) return until
        throw new InvalidArgumentError(
          'It must be a duration such as 30m, 2h or 7d, or a time such as 2026-03-01T12:00.',
        )
      }),
    )
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .option('--cursor-file <file>', 'begin where the last run with it has ended, and keep where this one ends', word)
    .optionsGroup('How:')
    .addOption(new Option('--format <format>', 'default: by the name of --out, else ndjson').choices(['ndjson', 'csv']))
    .option('--out <file>', 'write to this file, which is there only when it is whole', word)
    .option('--rate <units>', 'at most so many read units a second (default: as fast as it goes)', rateOption)
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json prints where the rows went, how many, and what it has cost; it needs --out.

Columns of the CSV (times are UTC; a text that begins like a formula has an apostrophe before it):
${EXPORTS.map((name) => `  ${name}: ${columnsOf(name).join(', ')}`).join('\n')}

Examples:
  $ npx hookline export changes --since 7d > changes.ndjson
  $ npx hookline export tasks --out tasks.csv
  $ npx hookline export changes --cursor-file changes.cursor --out "changes-$(date +%s).ndjson"
  $ npx hookline export time-entries --format csv --connection main`,
    )
    .action(async (given: unknown, options: unknown) => {
      const parsed = optionsSchema.parse(options)
      const { format = parsed.out?.endsWith('.csv') ? 'csv' : 'ndjson' } = parsed
      if (parsed.json && parsed.out === undefined)
        throw new Failure('--json tells of the export and would stand among its rows: name a file with --out.')
      if (parsed.until !== undefined && parsed.since !== undefined && parsed.until <= parsed.since)
        throw new Failure('--until is not after --since.')
      await withTarget(parsed, io.cwd, (target) =>
        runExport(io, target, { ...parsed, format, what: whatSchema.parse(given) }),
      )
    })
}

function rateOption(text: string): number {
  const rate = Number(text)
  if (/^\d{1,6}$/.test(text) && rate > 0) return rate
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.')
}
