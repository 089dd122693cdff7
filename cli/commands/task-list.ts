import { Command } from 'commander'
import * as z from 'zod'
import { listTasks } from '../../core/tasks/list.ts'
import { isGone, type Snapshot } from '../../core/tasks/snapshot.ts'
import type { Io } from '../io.ts'
import { commonOptions, limitOption, nameOption, withCommonOptions, word } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { noteUnreadable } from '../output/notes.ts'
import { type Column, tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import { type Target, withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  list: z.string().optional(),
  space: z.string().optional(),
  status: z.string().optional(),
  all: z.boolean().default(false),
  connection: z.string().optional(),
  limit: z.number(),
})
type Options = z.infer<typeof optionsSchema>

export function listTasksCommand(io: Io): Command {
  const command = new Command('list')
    .summary('the tasks of a list, a space, or all')
    .description(
      'Lists tasks as they were last read from ClickUp, the last updated at the bottom. ' +
        'With --list or --space an index finds them. With neither the table itself is read, at most 20 MB of it, ' +
        'so on a large workspace name one of the two.',
    )
    .optionsGroup('Which tasks:')
    .option('--list <id>', 'only those that live in this list', word)
    .option('--space <id>', 'only those of this space', word)
    .option('--status <name>', 'only those in this status, in any case', word)
    .option('--all', 'also those that are deleted or out of sight')
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .addOption(limitOption('at most so many, not chosen by time'))
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline tasks list --list 901100200300
  $ npx hookline tasks list --space 90110020 --status "in progress"
  $ npx hookline tasks list --json | jq '.[] | select(.dueAt == null) | .id'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showTasks(io, target, options))
    })
}

type Row = { connection: string; task: Snapshot }

async function showTasks(io: Io, target: Target, options: Options): Promise<void> {
  const { list: listId, space: spaceId, status, all: gone, limit } = options
  const rows: Row[] = []
  let unreadable = 0
  let cut: 'limit' | 'scan' | null = null
  for (const connection of options.connection === undefined ? target.connections : [options.connection]) {
    const query = { connection, listId, spaceId, status, gone, limit: limit - rows.length }
    const found = await listTasks({ dynamo: target.dynamo, table: target.tables.tasks }, query)
    rows.push(...found.tasks.map((task) => ({ connection, task })))
    unreadable += found.unreadable
    cut = found.cut ?? cut
  }
  rows.sort((a, b) => (a.task.updatedAt ?? 0) - (b.task.updatedAt ?? 0))
  if (options.json)
    writeJson(
      io,
      rows.map(({ connection, task }) => ({ connection, ...task })),
    )
  else if (rows.length === 0) io.write(`${plain(`No tasks ${asked(options)}(${target.label}).`)}\n`)
  else writeTable(io, rows, options)
  noteUnreadable(io, unreadable)
  if (cut === 'limit') io.note(`Only ${limit}, not chosen by time: there are more, see --limit.`)
  if (cut === 'scan') io.note('Only a part of the table was read: name a --list or a --space.')
}

function writeTable(io: Io, rows: readonly Row[], { utc }: Options): void {
  const style = { now: io.now(), utc }
  const cells: (Column & { of(row: Row): string })[] = [
    { head: 'ID', of: ({ task }) => task.id },
    { head: 'STATUS', min: 12, of: ({ task }) => (isGone(task.state) ? task.state : (task.status?.name ?? '')) },
    { head: 'NAME', min: 20, of: ({ task }) => task.name ?? '' },
    {
      head: 'ASSIGNEES',
      min: 10,
      drop: 1,
      of: ({ task }) => task.assignees.map(({ id, name }) => name ?? id).join(', '),
    },
    { head: 'LIST', min: 10, drop: 2, of: ({ task }) => task.list?.name ?? task.list?.id ?? '' },
    {
      head: utc ? 'UPDATED (UTC)' : 'UPDATED',
      align: 'right',
      of: ({ task }) => (task.updatedAt === null ? '' : timeText(task.updatedAt, style)),
    },
    { head: 'CONNECTION', drop: 3, of: ({ connection }) => connection },
  ]
  const several = new Set(rows.map(({ connection }) => connection)).size > 1
  const shown = cells.filter(({ head }) => head !== 'CONNECTION' || several)
  const text = rows.map((row) => shown.map(({ of }) => of(row)))
  io.write(tableText(shown, text, { width: io.columns, paint: painter(io.colours) }))
}

/** The question in words, so that an empty answer says what was not found. */
function asked({ list, space, status, connection }: Options): string {
  return [
    ...(list === undefined ? [] : [`in list ${list} `]),
    ...(space === undefined ? [] : [`in space ${space} `]),
    ...(status === undefined ? [] : [`with status ${status} `]),
    ...(connection === undefined ? [] : [`in connection ${connection} `]),
  ].join('')
}
