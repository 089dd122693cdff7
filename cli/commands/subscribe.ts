import { Command, InvalidArgumentError, Option } from 'commander'
import { FIELD_WORDS } from '../../core/subscribe/wanted.ts'
import type { Io } from '../io.ts'
import { nameOption, withCommonOptions, word } from '../options.ts'
import { optionsSchema } from '../subscribe/subscribe-options.ts'
import { withTarget } from '../target.ts'

/** May be given several times. */
const several = (flags: string, what: string) =>
  new Option(flags, what).argParser((text: string, before: string[] | undefined) => [...(before ?? []), word(text)])

export function subscribeCommand(io: Io): Command {
  const command = new Command('subscribe')
    .summary('a rule on the bus, as CDK code or deployed')
    .description(
      'Writes an EventBridge rule for the changes that you name, with its target, a dead-letter queue and retries: as the ' +
        'CDK code of a stack (the default), or with --deploy in AWS at once. --dry-run asks EventBridge which of the ' +
        'newest changes in the ledger it would have matched. All that is given has to hold; of a flag given twice, either.',
    )
    .optionsGroup('Which changes:')
    .addOption(several('--field <name>', `of tasks: ${FIELD_WORDS.slice(0, 12).join(', ')} ...`))
    .option('--from <value>', 'the value before: a status, a name, an id, none', word)
    .option('--to <value>', 'the value after: a status, a name, an id, none; for a status also type:done', word)
    .option('--custom-field <name>', 'only this custom field, by name or id', word)
    .addOption(several('--list <list>', 'only tasks that live in it, by name or id'))
    .addOption(several('--folder <folder>', 'only tasks in it, by name or id'))
    .addOption(several('--space <space>', 'only tasks in it, by name or id'))
    .addOption(several('--type <detail type>', 'by detail type instead of --field: "List Created", see docs/events.md'))
    .addOption(several('--connection <name>', 'only of this connection (default: all)'))
    .addOption(several('--origin <origin>', 'only what came so: webhook, sweep, backfill, replay (default: all)'))
    .option('--no-replay', 'not what is replayed')
    .option('--not-own', "not what the connection's own user does: for a subscriber that writes to ClickUp")
    .optionsGroup('Where to:')
    .addOption(
      new Option('--target <kind>', 'what the rule sends to').choices(['lambda', 'sqs', 'https']).default('sqs'),
    )
    .option(
      '--arn <arn>',
      'the function (lambda), or a queue that is there already (sqs; default: a new one)',
      arnOption,
    )
    .option('--url <url>', 'the address (https)', urlOption)
    .option('--secret <name>', 'name of the secret in Secrets Manager that is sent along (https)', word)
    .option('--header <name>', 'the header that it is sent in (https)', headerOption, 'X-Api-Key')
    .optionsGroup('What to do:')
    .option('--name <name>', 'name of the subscription (default: from what is wanted)', nameOption)
    .option('--deploy', 'make or change it in AWS, instead of printing code')
    .option('--dry-run [number]', 'only try it on the newest changes (default: 100)', countOption)
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline subscribe --field status --to done --list Roadmap --dry-run
  $ npx hookline subscribe --field status --to done --list Roadmap > done.ts
  $ npx hookline subscribe --field assignee --to "Ada Moreau" --target sqs --deploy
  $ npx hookline subscribe --type "Task Created" --target https --url https://example.com/in --secret in-key`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for EventBridge's client.
      const { subscribe } = await import('../subscribe/subscribe.ts')
      await withTarget(options, io.cwd, (target) => subscribe(io, target, options))
    })
}

function arnOption(text: string): string {
  if (/^arn:[\w-]+:(lambda|sqs):[a-z0-9-]+:\d{12}:\S+$/.test(text)) return text
  throw new InvalidArgumentError('It must be the ARN of a Lambda function or of an SQS queue.')
}

function urlOption(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === 'https:') return text
  throw new InvalidArgumentError('It must be an address that begins with https://.')
}

function headerOption(text: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('It must be the name of a header, such as X-Api-Key.')
}

function countOption(text: string): number {
  const count = Number(text)
  if (/^\d{1,4}$/.test(text) && count > 0) return count
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}
