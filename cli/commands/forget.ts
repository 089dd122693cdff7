import { Command, InvalidArgumentError } from 'commander'
import * as z from 'zod'
import type { Subject } from '../../core/forget/subject.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  user: z.string().optional(),
  task: z.string().optional(),
  connection: z.string().optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  rate: z.number(),
})

export function forgetCommand(io: Io): Command {
  const command = new Command('forget')
    .summary("erases a person's or a task's data")
    .description(
      'Erases what is stored of a person or of a task, from the tables and from the archive of raw deliveries, and reports ' +
        'what was found, what was done, and what remains and why. Remove the person or the task in ClickUp first: what ' +
        'ClickUp still tells is stored again. Interrupted, it goes on where it was; run again, it finds nothing.',
    )
    .optionsGroup('Whom or what:')
    .option('--user <id>', "a person, by ClickUp's id", userOption)
    .option('--task <id>', "a task, by ClickUp's id", taskOption)
    .option('--connection <name>', 'only in this connection (default: all)', nameOption)
    .optionsGroup('How:')
    .option('--dry-run', 'only say what would be erased')
    .option('--rate <writes>', 'at most so many writes a second', rateOption, 100)
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline forget --user 40233 --dry-run
  $ npx hookline forget --user 40233
  $ npx hookline forget --task 86c2k4x7q --yes --json > report.json`,
    )
    .action(async (given: unknown) => {
      const { user, task, ...options } = optionsSchema.parse(given)
      const subject = subjectOf(user, task)
      // Loaded only here: no other command has to wait for S3's client.
      const { forget } = await import('../forget/forget.ts')
      await withTarget(options, io.cwd, (target) => forget(io, target, subject, options))
    })
}

function subjectOf(user: string | undefined, task: string | undefined): Subject {
  if (user !== undefined && task === undefined) return { kind: 'user', id: user }
  if (task !== undefined && user === undefined) return { kind: 'task', id: task }
  throw new Failure('Say whom or what: either --user or --task.')
}

/** A shorter one would be found in half of all texts, and ClickUp has none like it. */
function userOption(text: string): string {
  if (/^\d{2,15}$/.test(text)) return text
  throw new InvalidArgumentError(
    "It must be ClickUp's id of the user, digits only: npx hookline changes --json shows it.",
  )
}

function taskOption(text: string): string {
  if (/^[A-Za-z0-9_-]{4,100}$/.test(text)) return text
  throw new InvalidArgumentError("It must be ClickUp's id of the task, such as 86c2k4x7q.")
}

function rateOption(text: string): number {
  const rate = Number(text)
  if (/^\d{1,4}$/.test(text) && rate > 0) return rate
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}
