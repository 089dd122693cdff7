import { Command, InvalidArgumentError, Option } from 'commander'
import { runIdSchema } from '../../core/replay/run-id.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { nameOption, sinceOption, withCommonOptions, word } from '../options.ts'
import { parseSince } from '../output/time.ts'
import { optionsSchema } from '../replay/replay-options.ts'
import { withTarget } from '../target.ts'
import { wholeOption } from './quarantine-options.ts'

const untilOption = (io: Io) =>
  new Option('--until <time>', 'and before: a time or a duration as for --since (default: now)').argParser((text) => {
    const until = parseSince(text, io.now())
    if (until !== null) return until
    throw new InvalidArgumentError('It must be a duration such as 30m, 2h or 7d, or a time such as 2026-03-01T12:00.')
  })

const runIdOption = (text: string): string => {
  const parsed = runIdSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message ?? 'is no id'}.`)
}

export function replayCommand(io: Io): Command {
  const command = new Command('replay')
    .summary('publishes again what is in the ledger, or works the archive off again')
    .description(
      'From the ledger (the default): publishes changes on the bus again, with their change ids, origin replay and the id ' +
        'of this run; the ledger stays as it is. From raw: sends the archived deliveries to the deliveries queue again, ' +
        'so that what a faulty version missed becomes a change; what is in the ledger stays single. Ctrl-C ends either, ' +
        'and says how to go on.',
    )
    .optionsGroup('What:')
    .addOption(
      new Option('--from <source>', 'the changes, or the raw deliveries').choices(['ledger', 'raw']).default('ledger'),
    )
    .addOption(
      sinceOption(
        'published (raw: come in) since: 30m, 2h, 7d, or a time such as 2026-03-01T12:00',
        io,
      ).makeOptionMandatory(),
    )
    .addOption(untilOption(io))
    .option('--task <id>', 'only this task', word)
    .option('--field <name>', 'only this field: status, assignee_add, due_date ...', word)
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .optionsGroup('How:')
    .option(
      '--rate <number>',
      'so many a minute (default: 3000; raw: half of the calls a minute that ClickUp allows)',
      wholeOption,
    )
    .option('--run-id <id>', 'the id of a run to go on with, or one of your own (default: a new one)', runIdOption)
    .option('--dry-run', 'say what would be replayed, and send nothing')
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Every subscriber gets what is replayed, unless its rule leaves it out:
  { "detail": { "origin": [{ "anything-but": ["replay"] }] } }

--json is one object at the end: run, from, since, until, dryRun, total, done,
refused, unreadable, next (where to go on), ended (done or stopped).

Examples:
  $ npx hookline replay --since 2026-03-01T08:00 --until 2026-03-01T09:30 --dry-run
  $ npx hookline replay --since 7d --task 86c2k4x7q
  $ npx hookline replay --since 2d --field status --run-id crm-repair
  $ npx hookline replay --from raw --since 2026-03-01 --until 2026-03-02`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      const { from, task, field, runId } = options
      if (from === 'raw' && (task ?? field ?? runId) !== undefined)
        throw new Failure(
          '--task, --field and --run-id are for the ledger: a raw delivery tells of them only when it is worked off.',
        )
      // Loaded only here: no other command has to wait for EventBridge's client, or for what reads deliveries.
      if (from === 'raw') {
        const { replayArchive } = await import('../replay/archive.ts')
        await withTarget(options, io.cwd, (target) => replayArchive(io, target, options))
      } else {
        const { replayLedger } = await import('../replay/ledger.ts')
        await withTarget(options, io.cwd, (target) => replayLedger(io, target, options))
      }
    })
}
