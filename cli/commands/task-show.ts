import { Command } from 'commander'
import * as z from 'zod'
import { readTask, type TaskDetails } from '../../core/tasks/list.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions, word } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { counted, noteUnreadable } from '../output/notes.ts'
import { pairsText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { agoText, durationText, timeText } from '../output/time.ts'
import { jsonText } from '../output/values.ts'
import { type Target, withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ connection: z.string().optional() })
type Options = z.infer<typeof optionsSchema>

export function showTaskCommand(io: Io): Command {
  const command = new Command('show')
    .summary('one task')
    .description('Shows one task as it was last read from ClickUp, with its time entries.')
    .argument('<id>', "the task's id, as in its address: https://app.clickup.com/t/86c2k4x7q", word)
    .optionsGroup('Which task:')
    .option('--connection <name>', 'the connection that knows it (default: whichever does)', nameOption)
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline tasks show 86c2k4x7q
  $ npx hookline tasks show 86c2k4x7q --json | jq .customFields

Its history: npx hookline changes --task 86c2k4x7q`,
    )
    .action(async (id: string, given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showTask(io, target, id, options))
    })
}

async function showTask(io: Io, target: Target, id: string, options: Options): Promise<void> {
  const { connection, task } = await findTask(target, id, options)
  if (options.json) writeJson(io, { connection, ...task.snapshot, timeEntries: task.timeEntries })
  else writeTask(io, task, options)
  noteUnreadable(io, task.unreadable)
}

async function findTask({ dynamo, tables, connections, label }: Target, id: string, options: Options) {
  const names = options.connection === undefined ? connections : [options.connection]
  for (const connection of names) {
    const task = await readTask({ dynamo, table: tables.tasks }, connection, id)
    if (task === 'unreadable') {
      throw new Failure(`Task ${id} is stored in a form that this version does not know: update this checkout.`)
    }
    if (task !== null) return { connection, task }
  }
  throw new Failure(
    `No task ${plain(id)} in connection ${names.join(' or ')} (${label}): see npx hookline tasks list, or npx hookline changes --task ${plain(id)}.`,
  )
}

function writeTask(io: Io, { snapshot: task, timeEntries }: TaskDetails, { utc }: Options): void {
  const style = { now: io.now(), utc }
  const paint = painter(io.colours)
  const time = (ms: number | null) => (ms === null ? '' : timeText(ms, style))
  const people = (list: readonly { id: string; name: string | null }[]) => list.map(named).join(', ')
  const pairs: [string, string][] = [
    ['state', task.state === 'present' ? '' : task.state],
    ['status', task.status === null ? '' : `${task.status.name} (${task.status.type})`],
    ['priority', task.priority?.name ?? ''],
    ['assignees', people([...task.assignees, ...task.groups])],
    ['watchers', people(task.watchers)],
    ['creator', task.creator === null ? '' : named(task.creator)],
    ['list', place(task.list)],
    ['folder', task.folder === null || task.folder.hidden ? '' : place(task.folder)],
    ['space', place(task.space)],
    ['also in', task.locations.map(place).join(', ')],
    ['parent', task.parentId ?? ''],
    [
      'depends on',
      task.dependencies
        .filter(({ taskId }) => taskId === task.id)
        .map((each) => each.dependsOn)
        .join(', '),
    ],
    [
      'blocks',
      task.dependencies
        .filter(({ dependsOn }) => dependsOn === task.id)
        .map((each) => each.taskId)
        .join(', '),
    ],
    ['linked to', task.linkedTaskIds.join(', ')],
    ['tags', task.tags.join(', ')],
    ['start', time(task.startAt)],
    ['due', time(task.dueAt)],
    ['points', task.points === null ? '' : String(task.points)],
    ['estimate', task.timeEstimateMs === null ? '' : durationText(task.timeEstimateMs)],
    ['time spent', timeSpent(task, timeEntries)],
    ...task.customFields.flatMap(({ name, value }): [string, string][] =>
      value === null ? [] : [[name, jsonText(value)]],
    ),
    ['created', time(task.createdAt)],
    ['updated', time(task.updatedAt)],
    ['done', time(task.doneAt)],
    ['closed', time(task.closedAt)],
    ['url', task.url ?? ''],
    ['read', `${timeText(task.observedAt, style)} (${agoText(task.observedAt, style.now)})`],
  ]
  const ids = task.customId === null ? task.id : `${task.id} (${task.customId})`
  io.write(`${paint('bold', plain(`${ids}  ${task.name ?? 'without a name'}`))}\n`)
  const said = pairs.filter(([, value]) => value !== '').map(([name, value]): [string, string] => [name, plain(value)])
  io.write(pairsText(said, { width: io.columns, paint }))
}

const named = ({ id, name }: { id: string; name: string | null }) => name ?? id
const place = (where: { id: string; name: string | null } | null) =>
  where === null ? '' : where.name === null ? where.id : `${where.name} (${where.id})`

/** ClickUp's total, and the entries that were told of: the total is older than the connection. */
function timeSpent({ timeSpentMs }: Snapshot, entries: TaskDetails['timeEntries']): string {
  const standing = entries.filter(({ deleted }) => !deleted).length
  const known = standing === 0 ? '' : `${counted(standing, 'entry').replace('entrys', 'entries')} in the worklog`
  const total = timeSpentMs === null || timeSpentMs === 0 ? '' : durationText(timeSpentMs)
  return total !== '' && known !== '' ? `${total} (${known})` : total || known
}
