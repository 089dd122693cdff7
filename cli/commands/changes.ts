import { Command } from 'commander'
import * as z from 'zod'
import { recentChanges } from '../../core/ledger/day.ts'
import { type Recorded, resourceHistory } from '../../core/ledger/history.ts'
import type { Io } from '../io.ts'
import { commonOptions, limitOption, nameOption, sinceOption, withCommonOptions, word } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { counted, noteUnreadable } from '../output/notes.ts'
import { type Column, tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import { changeText, clipChange } from '../output/values.ts'
import { type Target, withTarget } from '../target.ts'

const DAY_MS = 86_400_000
/** The clocks of the functions may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000

const optionsSchema = commonOptions.extend({
  task: z.string().optional(),
  field: z.string().optional(),
  since: z.number().optional(),
  connection: z.string().optional(),
  limit: z.number(),
})
type Options = z.infer<typeof optionsSchema>

export function changesCommand(io: Io): Command {
  const command = new Command('changes')
    .summary('what happened, from the ledger')
    .description(
      'Shows what happened, from the ledger: what was published last, or with --task the history of one task. ' +
        'The newest is at the bottom. WHEN is the time at which it happened; a late delivery tells of an early one. ' +
        'A change shows when it is done, that is when it has been published.',
    )
    .optionsGroup('Which changes:')
    .option('--task <id>', 'only this task, from its first change on', word)
    .addOption(
      sinceOption(
        'published since: 30m, 2h, 7d, or a time such as 2026-03-01T12:00; with --task, happened since (default: 24h, without --task)',
        io,
      ),
    )
    .option(
      '--field <name>',
      'only this field: status, assignee_add, due_date, custom_field, comment, deletion ...',
      word,
    )
    .option('--connection <name>', 'only this connection (default: all)', nameOption)
    .addOption(limitOption('at most so many, the newest'))
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline changes --since 2h
  $ npx hookline changes --task 86c2k4x7q
  $ npx hookline changes --field status --since 2026-03-01
  $ npx hookline changes --json --since 1h | jq '.[].resource.id'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showChanges(io, target, options))
    })
}

type Found = { changes: Recorded[]; claimed: number; unreadable: number; more: boolean }

async function showChanges(io: Io, target: Target, options: Options): Promise<void> {
  const found =
    options.task === undefined ? await recent(io, target, options) : await ofTask(target, options.task, options)
  if (options.json) writeJson(io, found.changes.map(forJson))
  else if (found.changes.length === 0) io.write(`${plain(`No changes ${asked(options)} (${target.label}).`)}\n`)
  else writeTable(io, found.changes, options)
  noteUnreadable(io, found.unreadable)
  if (found.claimed > 0)
    io.note(`${counted(found.claimed, 'more change')} ${found.claimed === 1 ? 'is' : 'are'} being worked on.`)
  if (found.more) io.note(`Only the newest ${options.limit}: there are more, see --limit.`)
}

async function recent(
  io: Io,
  { dynamo, tables }: Target,
  { since, field, connection, limit }: Options,
): Promise<Found> {
  const now = io.now()
  const found = await recentChanges(
    { dynamo, table: tables.ledger },
    {
      since: since ?? now - DAY_MS,
      until: now + AHEAD_MS,
      limit,
      connection,
      wanted: field === undefined ? undefined : (change) => change.field === field,
    },
  )
  return { ...found, claimed: 0 }
}

async function ofTask({ dynamo, tables, connections }: Target, id: string, options: Options): Promise<Found> {
  const names = options.connection === undefined ? connections : [options.connection]
  const resource = { kind: 'task', id }
  const histories = await Promise.all(
    names.map((connection) =>
      resourceHistory({ dynamo, table: tables.ledger }, { connection, resource, since: options.since }),
    ),
  )
  const sum = (of: 'claimed' | 'unreadable') => histories.reduce((total, history) => total + history[of], 0)
  const changes = histories
    .flatMap((history) => history.changes)
    .filter(({ field }) => options.field === undefined || field === options.field)
  const more = changes.length > options.limit
  return { changes: changes.slice(-options.limit), claimed: sum('claimed'), unreadable: sum('unreadable'), more }
}

/** A change as it is stored; the order is the ledger's own affair. */
const forJson = ({ order: _order, ...change }: Recorded) => change

function writeTable(io: Io, changes: readonly Recorded[], { task, utc }: Options): void {
  const style = { now: io.now(), utc }
  const cells: (Column & { of(change: Recorded): string })[] = [
    { head: utc ? 'WHEN (UTC)' : 'WHEN', align: 'right', of: ({ at }) => timeText(at, style) },
    { head: 'WHAT', of: ({ resource }) => `${resource.kind} ${resource.id}` },
    { head: 'FIELD', of: ({ field }) => field },
    { head: 'CONNECTION', drop: 2, of: ({ connection }) => connection },
    { head: 'BY', min: 8, drop: 1, of: ({ actor }) => actor?.name ?? actor?.id ?? '' },
    // Last, because it may be long, and nothing has to line up behind it.
    { head: 'CHANGE', min: 16, cut: clipChange, of: (change) => changeText(change, style) },
  ]
  const several = new Set(changes.map(({ connection }) => connection)).size > 1
  const shown = cells.filter(
    ({ head }) => (head !== 'WHAT' || task === undefined) && (head !== 'CONNECTION' || several),
  )
  const rows = changes.map((change) => shown.map(({ of }) => of(change)))
  io.write(tableText(shown, rows, { width: io.columns, paint: painter(io.colours) }))
}

/** The question in words, so that an empty answer says what was not found. */
function asked({ task, field, since, connection, utc }: Options): string {
  return [
    ...(field === undefined ? [] : [`of ${field}`]),
    ...(task === undefined ? [] : [`of task ${task}`]),
    ...(connection === undefined ? [] : [`in connection ${connection}`]),
    since !== undefined
      ? `since ${timeText(since, { now: 0, utc })}`
      : task === undefined
        ? 'in the last 24 hours'
        : 'recorded',
  ].join(' ')
}
