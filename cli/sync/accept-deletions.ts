import { jobSender } from '../../core/sync/job.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { connectedOf } from './connected.ts'
import { storedRuns } from './stored-runs.ts'

const MOST_SHOWN = 20

type AcceptOptions = { connection?: string | undefined; yes: boolean; json: boolean }

/** Has what a halted census holds back published, once somebody has looked at it. @throws Failure when none is halted */
export async function acceptDeletions(io: Io, target: Target, options: AcceptOptions): Promise<void> {
  const { connection } = await connectedOf(target, options.connection)
  const run = await storedRuns(target, connection).census.load()
  if (run === null || run.phase !== 'halted')
    throw new Failure(`No census of ${connection} is halted: nothing is held back.`)
  const ids = run.held.map(({ id }) => id)
  const names = await namesOf(target, connection, ids.slice(0, MOST_SHOWN))
  // Whoever is asked has to see of what; with --json the answer has standard output for itself.
  const say = options.json ? io.note : (line: string) => io.write(`${line}\n`)
  if (!options.json || !options.yes) {
    say(`ClickUp says that ${counted(ids.length, 'task')} of ${connection} ${ids.length === 1 ? 'is' : 'are'} deleted:`)
    for (const [id, name] of names) say(`  ${plain(`${id}  ${name}`)}`)
    if (ids.length > MOST_SHOWN) say(`  and ${ids.length - MOST_SHOWN} more`)
  }
  if (!options.yes) {
    if (io.input === undefined || !io.input.isTerminal)
      throw new Failure('Nobody can be asked here: look at the tasks in ClickUp, then say --yes.')
    const said = await io.input.line('Were they deleted, and shall that be published? [y/N] ')
    if (!/^y(es)?$/i.test(said.trim())) throw new Failure('Nothing was changed.')
  }
  const { jobs } = await target.home()
  await jobSender(target.sqs, jobs)({ job: 'census', connection, reason: 'asked', believe: run.run })
  if (options.json) writeJson(io, { connection, run: run.run, accepted: ids })
  else io.write(`Accepted: ${counted(ids.length, 'deletion')} will be published in a moment.\n`)
}

async function namesOf({ dynamo, tables }: Target, connection: string, ids: readonly string[]) {
  const tasks = createTaskStore({ dynamo, table: tables.tasks })
  const found = await tasks.load(connection, ids)
  return ids.map((id) => [id, found.get(id)?.snapshot?.name ?? ''] as const)
}
