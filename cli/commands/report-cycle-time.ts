import { Command, InvalidArgumentError, Option } from 'commander'
import * as z from 'zod'
import { DIMENSIONS } from '../../core/report/groups.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, sinceOption, withCommonOptions, word } from '../options.ts'
import { parseSince } from '../output/time.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  space: z.string().optional(),
  list: z.string().optional(),
  since: z.number().optional(),
  until: z.number().optional(),
  by: z.enum(DIMENSIONS),
  connection: z.string().optional(),
  csv: z.boolean().default(false),
  html: z.string().optional(),
})

export function cycleTimeCommand(io: Io): Command {
  const command = new Command('cycle-time')
    .summary('how long work takes, and where the time goes')
    .description(
      'Shows how long tasks took that were done in a time, from the ledger and, before the connection, from ' +
        "ClickUp's totals: cycle time is from the beginning of work to its end, lead time from the making of a task. " +
        'Working time, time zone, the meaning of statuses and the names of people are settings under reports in the config.',
    )
    .optionsGroup('Which tasks:')
    .option('--space <id or name>', 'only tasks of this space', word)
    .option('--list <id or name>', 'only tasks that live in this list or were added to it', word)
    .addOption(sinceOption('done since: 30d, 12w, or a time such as 2026-03-01 (default: 90d)', io))
    .addOption(untilOption(io))
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .optionsGroup('How they are summed up:')
    .addOption(new Option('--by <what>', 'one line for each').choices(DIMENSIONS).default('list'))
  return withCommonOptions(command)
    .optionsGroup('Output:')
    .addOption(new Option('--csv', 'CSV on standard output, a line for each task').conflicts('json'))
    .option('--html <file>', 'also writes a page with plots, to be opened in a browser', word)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline report cycle-time --since 12w
  $ npx hookline report cycle-time --space Engineering --by week
  $ npx hookline report cycle-time --by sprint --html cycle-time.html
  $ npx hookline report cycle-time --csv > cycle-time.csv`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Plots and time zones take a while to load, and only this command needs them.
      const { showCycleTime } = await import('./show-cycle-time.ts')
      await withTarget(options, io.cwd, (target) => showCycleTime(io, target, options))
    })
}

const untilOption = ({ now }: Pick<Io, 'now'>) =>
  new Option('--until <time>', 'done before: a duration ago or a time (default: now)').argParser((text) => {
    const until = parseSince(text, now())
    if (until !== null) return until
    throw new InvalidArgumentError('It must be a duration such as 2w, or a time such as 2026-03-01.')
  })
