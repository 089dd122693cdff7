import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { sync } from '../sync/sync.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  connection: z.string().optional(),
  census: z.boolean().default(false),
  wait: z.boolean().default(true),
})

export function syncCommand(io: Io): Command {
  const command = new Command('sync')
    .summary('sweeps now: finds what ClickUp never sent')
    .description(
      'Sweeps now instead of in up to 15 minutes: lists what was updated, finds what was never delivered, and repairs ' +
        'it. Shows how it goes, then what was repaired and the watermark. It follows a sweep that goes on already. ' +
        'Ctrl-C ends the watching, not the sweep.',
    )
    .optionsGroup('What to do:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .option('--census', 'then count every list, which finds deletions that nobody told of')
    .option('--no-wait', 'ask for it and do not wait')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is one line at the end, with watermark, sweep (phase, startedAt, endedAt,
pages, calls, repaired, note ...) and census; how it goes is told on standard
error.

Examples:
  $ npx hookline sync
  $ npx hookline sync --census
  $ npx hookline sync --json 2> /dev/null | jq .sweep.repaired.changes`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await sync(io, target, options)
      })
    })
}
