import { Command, InvalidArgumentError, Option } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { nameOption, sinceOption, withCommonOptions, word } from '../options.ts'
import { parseSince } from '../output/time.ts'
import { optionsSchema, type StandupOptions } from '../standup/standup-options.ts'
import { withTarget } from '../target.ts'

export function standupCommand(io: Io): Command {
  const command = new Command('standup')
    .summary('what happened since yesterday, told by a model or by template')
    .description(
      'Tells what happened, from the ledger, the tasks as they stand and the time entries; ClickUp is not asked. ' +
        'Without a name it tells what you ask for, here and only here. With the name of a summary in the config it ' +
        'delivers that summary as its schedule would, once for each day: for the day on which it was due last, or --day.',
    )
    .argument('[name]', 'a summary under standup in the config', nameOption)
    .optionsGroup('What to tell (without a name):')
    .option('--list <id or name>', 'only tasks of this list; may be said several times', gather)
    .option('--space <id or name>', 'only tasks of this space; may be said several times', gather)
    .option('--connection <name>', 'the connection (default: the only one, or the one that has the list)', nameOption)
    .addOption(sinceOption('since when: 24h, or a time (default: the same time of the working day before)', io))
    .addOption(untilOption(io))
    .optionsGroup('Which one (with a name):')
    .option(
      '--day <day>',
      'the one of this day, such as 2026-03-02 (default: the last day on which it was due)',
      dayOption,
    )
    .option('--dry-run', 'shows it and says where it would go; writes nothing')
    .option('--yes', 'ask nothing')
    .optionsGroup('How:')
    .addOption(new Option('--template', 'asks no model').conflicts('prompt'))
    .option('--prompt <versions>', 'by these versions of the prompt, one after the other: v1,v2', versionsOption)
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Where no model is configured, or none answers, it is told by template. What a model
costs counts for the caps in the config, also here.

--json has target, name, day, about, span, material (what there was to tell) and
versions, each with prompt, text and summary; differences, where there are two.
Of a delivery it has outcome and outputs.

Examples:
  $ npx hookline standup
  $ npx hookline standup --list Roadmap --since 2d
  $ npx hookline standup platform --dry-run
  $ npx hookline standup platform --day 2026-03-02
  $ npx hookline standup platform --prompt v1,v2 --dry-run`,
    )
    .action(async (name: string | undefined, given: unknown) => {
      const options = optionsSchema.parse(given)
      const wrong = wrongTogether(name, options)
      if (wrong !== null) command.error(wrong)
      // Loaded only here: no other command has to wait for what gathers and tells.
      const { standup } = await import('../standup/standup.ts')
      await withTarget(options, io.cwd, (target) => standup(io, target, name, options))
    })
}

/** What of the options does not go together; null for nothing. */
function wrongTogether(name: string | undefined, options: StandupOptions): string | null {
  const { list, space, connection, since, until, day, prompt, dryRun, yes } = options
  if (name === undefined) {
    if (day !== undefined) return '--day goes with the name of a summary'
    return yes ? '--yes goes with the name of a summary' : null
  }
  if (list.length + space.length > 0 || connection !== undefined || since !== undefined || until !== undefined)
    return `what ${name} tells is in the config: --list, --space, --connection, --since and --until go without a name`
  if (prompt.length > 0 && !dryRun) return '--prompt compares and delivers nothing: say --dry-run, too'
  return dryRun && yes ? '--yes has nothing to say with --dry-run' : null
}

const gather = (text: string, before: string[] | undefined): string[] => [...(before ?? []), word(text)]

const untilOption = ({ now }: Pick<Io, 'now'>) =>
  new Option('--until <time>', 'until when: a duration ago or a time (default: now)').argParser((text) => {
    const until = parseSince(text, now())
    if (until !== null) return until
    throw new InvalidArgumentError('It must be a duration such as 2h, or a time such as 2026-03-01T12:00.')
  })

function dayOption(text: string): string {
  if (z.iso.date().safeParse(text).success) return text
  throw new InvalidArgumentError('It must be a day such as 2026-03-02.')
}

const MOST_VERSIONS = 4

function versionsOption(text: string): string[] {
  const versions = [...new Set(text.split(',').map((each) => each.trim()))]
  if (versions.length <= MOST_VERSIONS && versions.every((each) => /^[a-z0-9][a-z0-9.-]{0,30}$/.test(each)))
    return versions
  throw new InvalidArgumentError(`It must be up to ${MOST_VERSIONS} versions such as v1,v2.`)
}
