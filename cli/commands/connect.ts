import { Command, Option } from 'commander'
import { connect } from '../connect/connect.ts'
import { connectOptions } from '../connect/connect-options.ts'
import type { Io } from '../io.ts'
import { daysOption, nameOption, withCommonOptions, word } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { withTarget } from '../target.ts'

const gather = (text: string, before: string[] | undefined) => [...(before ?? []), word(text)]

export function connectCommand(io: Io): Command {
  const command = new Command('connect')
    .summary('connects a ClickUp workspace, or mends what is wrong with one')
    .description(
      'Connects a ClickUp workspace: asks for an API token, shows whose it is and what it sees, stores it, makes the ' +
        'webhook, reads the history, and waits for the first delivery. Run again, it changes nothing that is right and ' +
        'mends what is not. Ended at any point, it goes on when it is run again.',
    )
    .optionsGroup('What to connect:')
    .option('--connection <name>', 'the connection in hookline.config.ts (default: the only one)', nameOption)
    .option('--token-stdin', 'read the API token from standard input')
    .option('--workspace <id|name>', 'the workspace (default: the only one, or asked)', word)
    .option('--space <id|name>', 'only this space; may be repeated (default: all, or asked)', gather)
    .option('--folder <id|name>', 'only this folder; may be repeated', gather)
    .addOption(new Option('--all', 'all spaces and folders').conflicts(['space', 'folder']))
    .optionsGroup('How:')
    .addOption(new Option('--days <number>', 'read the history of so many days (default: 90)').argParser(daysOption))
    .addOption(new Option('--all-history', 'read all the history there is').conflicts('days'))
    .option('--no-backfill', 'read no history')
    .option('--poll-only', 'without a webhook: changes come with the sweep, up to 15 minutes late')
    .option('--replace', 'delete a webhook of another Hookline that is in the way')
    .option('--no-wait', 'do not wait for the history and the first delivery')
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline connect
  $ npx hookline connect --space Engineering --space Design --days 365
  $ npx hookline connect --token-stdin --yes --no-wait --json < token.txt`,
    )
    .action(async (given: unknown) => {
      const options = connectOptions.parse(given)
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await connect(io, target, options)
      })
    })
}
