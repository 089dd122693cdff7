import { breakOf, type Parsed, readArguments, seedOf } from '../check/arguments.ts'

/** What is broken on purpose, to see that the check notices. */
type Break = 'cite' | 'idempotency'

export type StandupOptions = {
  seed: number
  /** Nothing but the JSON line. */
  json: boolean
  breaks: Break | null
}

export const HELP = `Checks that a summary tells what happened, all that it must and nothing else, once: runs the template on embedded
services with a fake ClickUp and a model on this machine, lets people work for a day, and reads what was written.

Usage: npm run check:standup -- [options]

  --seed N       repeats the same people, workspace, planted events and answers of the model (default: 1)
  --json         nothing but one JSON line on standard output; npm -s run check:standup keeps npm's away
  --break WHAT   cite: what a model says is taken as it is; idempotency: what was told is forgotten each time.
                 Each must end with 1
  --help         this text

What happens: a backfill, then a day of ordinary work; last of all some tasks are blocked, by status and by tag, one has
been in its status for longer than others of its list ever were, some are closed, opened again, made urgent, new, moved
and deleted, and time is written down. One bears a name that tells a model what to say.

Then the day is told, each time as another summary: by template; by a good model; by one that is slow, limited, broken
for once or for good, or answers with what is no JSON or has another form; by one that makes up facts, tasks, people and
numbers, says what a task's name has told it, or leaves most of it out; and with a cap that is used up. Each job comes
twice, and twice nobody knows whether ClickUp has taken the comment.

What must hold: every task, person, status and number of a text occurs in that day; whatever was planted is told in its
place; each summary is one comment and rests on changes that were; nothing else is asked of ClickUp; no more is spent
than is allowed. What the functions say of it is in .hookline/standup.log.

Ends with 0 when all of that holds, else with 1, and says what does not.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<StandupOptions> {
  const read = readArguments(args, {
    seed: { type: 'string' },
    json: { type: 'boolean' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const breaks = breakOf(read.break, BREAKS)
  if (breaks !== null && typeof breaks === 'object') return wrong(breaks.wrong)
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  return { kind: 'check', options: { seed, json: read.json === true, breaks } }
}

const BREAKS: readonly Break[] = ['cite', 'idempotency']

const wrong = (message: string): Parsed<StandupOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:standup -- --help`,
})
