import { Command, Option } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, daysOption, nameOption, withCommonOptions } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { backfill } from '../sync/backfill.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  connection: z.string().optional(),
  days: z.number().optional(),
  all: z.boolean().default(false),
  publish: z.boolean().default(false),
  wait: z.boolean().default(true),
})

export function backfillCommand(io: Io): Command {
  const command = new Command('backfill')
    .summary('reads the history of before the connection')
    .description(
      'Reads the history of before the connection: places, tasks with how long they were in each status, and time ' +
        'entries. It publishes nothing but Backfill Completed, leaves half of the API calls to what is live, and may be ' +
        'run again. It follows one that goes on already. Ctrl-C ends the watching, not the backfill.',
    )
    .optionsGroup('What to read:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .addOption(new Option('--days <number>', 'what was updated in so many days (default: 90)').argParser(daysOption))
    .addOption(new Option('--all', 'all the history there is').conflicts('days'))
    .option('--publish', 'publish every task that was found, too')
    .option('--no-wait', 'ask for it and do not wait')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is one line at the end, with phase, startedAt, endedAt, days, pages,
tasks, timeEntries, timeInStatus, calls, tasksPerMinute, note; how it goes is
told on standard error.

Examples:
  $ npx hookline backfill
  $ npx hookline backfill --days 365
  $ npx hookline backfill --all --no-wait
  $ npx hookline backfill --json 2> /dev/null | jq .tasks`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await backfill(io, target, options)
      })
    })
}
