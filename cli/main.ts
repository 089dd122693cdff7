import { Command, CommanderError } from 'commander'
import { acceptDeletionsCommand } from './commands/accept-deletions.ts'
import { backfillCommand } from './commands/backfill.ts'
import { changesCommand } from './commands/changes.ts'
import { connectCommand } from './commands/connect.ts'
import { costCommand } from './commands/cost.ts'
import { disconnectCommand } from './commands/disconnect.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import { forgetCommand } from './commands/forget.ts'
import { gapsCommand } from './commands/gaps.ts'
import { pauseCommand } from './commands/pause.ts'
import { quarantineCommand } from './commands/quarantine.ts'
import { replayCommand } from './commands/replay.ts'
import { reportCommand } from './commands/report.ts'
import { resumeCommand } from './commands/resume.ts'
import { rotateCommand } from './commands/rotate.ts'
import { standupCommand } from './commands/standup.ts'
import { statusCommand } from './commands/status.ts'
import { subscribeCommand } from './commands/subscribe.ts'
import { subscriptionsCommand } from './commands/subscriptions.ts'
import { syncCommand } from './commands/sync.ts'
import { tasksCommand } from './commands/tasks.ts'
import { uninstallCommand } from './commands/uninstall.ts'
import { unsubscribeCommand } from './commands/unsubscribe.ts'
import { Failure, Told } from './failure.ts'
import { Interrupted } from './input.ts'
import { INTERRUPTED, type Io, processIo } from './io.ts'
import { painter, plain } from './output/text.ts'

/** What the shell is told. */
const EXIT = { done: 0, failed: 1, misused: 2 } as const

/** Runs the command that the arguments name and answers with its exit status. */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    await createProgram(io).parseAsync([...args], { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.misused
    if (error instanceof Interrupted) return INTERRUPTED
    if (error instanceof Told) return EXIT.failed
    io.note(plain(`hookline: ${error instanceof Failure ? error.message : unexpected(error)}`))
    return EXIT.failed
  }
}

function unexpected(error: unknown): string {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `unexpected: ${said.split('\n')[0]}`
}

export function createProgram(io: Io): Command {
  const program = new Command('hookline')
    .description('Connects ClickUp, and looks at what Hookline knows: tasks and changes, and how the pipeline does.')
    .addCommand(tasksCommand(io))
    .addCommand(changesCommand(io))
    .addCommand(statusCommand(io))
    .addCommand(doctorCommand(io))
    .addCommand(gapsCommand(io))
    .addCommand(syncCommand(io))
    .addCommand(acceptDeletionsCommand(io))
    .addCommand(backfillCommand(io))
    .addCommand(quarantineCommand(io))
    .addCommand(replayCommand(io))
    .addCommand(pauseCommand(io))
    .addCommand(resumeCommand(io))
    .addCommand(standupCommand(io))
    .addCommand(reportCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(forgetCommand(io))
    .addCommand(subscribeCommand(io))
    .addCommand(subscriptionsCommand(io))
    .addCommand(unsubscribeCommand(io))
    .addCommand(connectCommand(io))
    .addCommand(rotateCommand(io))
    .addCommand(disconnectCommand(io))
    .addCommand(uninstallCommand(io))
    .addCommand(costCommand(io))
    .helpCommand(false)
    .addHelpText(
      'after',
      `
It looks at the local stack where npm start runs, else at AWS.
Each command has options and examples of its own: npx hookline changes --help

Examples:
  $ npx hookline connect
  $ npx hookline status
  $ npx hookline changes --since 2h
  $ npx hookline tasks list --status "in progress"
  $ npx hookline tasks show 86c2k4x7q --json`,
    )
  for (const command of everyCommand(program)) configure(command, io)
  return program
}

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)]

function configure(command: Command, io: Io): void {
  const paint = painter(io.colours)
  const path = pathOf(command)
  if (command.commands.length === 0) command.optionsGroup('Other:')
  command
    .helpOption('-h, --help', 'this text')
    .exitOverride()
    .configureHelp({ styleTitle: (title) => paint('bold', title) })
    .configureOutput({
      writeOut: io.write,
      writeErr: (text) => io.note(text.trimEnd()),
      getOutHelpWidth: () => Math.min(io.columns ?? 80, 100),
      getOutHasColors: () => io.colours,
      // Commander puts its suggestions on a line of their own.
      outputError: (text, write) =>
        write(`${path}: ${plain(text.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '))} (see npx ${path} --help)`),
    })
  if (command.commands.length === 0) return
  const names = command.commands.map((each) => each.name()).join(', ')
  command.allowExcessArguments().action(() => {
    const [unknown] = command.args
    if (unknown === undefined && command.parent === null) command.help()
    command.error(
      `${unknown === undefined ? 'a command is missing' : `unknown command '${plain(unknown)}'`}: use one of ${names}`,
    )
  })
}

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
