import { Command } from 'commander'
import * as z from 'zod'
import { STATUS_DAYS } from '../../core/status/last-delivery.ts'
import { readStatus } from '../../core/status/status.ts'
import { verdictOf } from '../../core/status/verdict.ts'
import { Told } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { noteUnreadable } from '../output/notes.ts'
import { statusJson } from '../output/status/status-json.ts'
import { statusText } from '../output/status/status-text.ts'
import { painter } from '../output/text.ts'
import { type Target, withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ check: z.boolean().default(false) })
type Options = z.infer<typeof optionsSchema>

export function statusCommand(io: Io): Command {
  const command = new Command('status')
    .summary('whether all is well')
    .description(
      'Says whether all is well, else what matters most; then of each connection who it is and what it listens to, how ' +
        'its webhook and its secrets do, up to when everything recoverable is there (the watermark: amber after 30 minutes, red ' +
        'after 2 hours), sweep, census, backfill and gaps, and the budget of API calls; then the queues, and the last ' +
        `change in ${STATUS_DAYS} days that a delivery made. SQS counts its messages approximately.`,
    )
    .optionsGroup('How:')
    .option('--check', 'end with status 1 when not all is well')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json has target, verdict (level: well, amber or red; matters: level,
connection, kind, text), pause (since, by, reason), pulse, clickupStatus,
queues, standup (queue, spent), lastDelivery, and for each of connections: name,
record, mode, places, webhooks, heardAt, waitingSince, watermark, sweep, census,
backfill, gaps, upstream, rotations, unreadable. What is not there is null.

Examples:
  $ npx hookline status
  $ npx hookline status --check > /dev/null || echo "look at Hookline"
  $ npx hookline status --stage prod --profile work
  $ npx hookline status --json | jq '.verdict.matters[].text'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showStatus(io, target, options))
    })
}

async function showStatus(io: Io, target: Target, { json, utc, check }: Options): Promise<void> {
  const status = await readStatus({ ...target, queues: await target.queues(), clock: { now: io.now } })
  const now = io.now()
  const verdict = verdictOf(status, now)
  if (json) writeJson(io, statusJson(target.label, status, verdict, now))
  else {
    const pen = { paint: painter(io.colours), style: { now, utc }, width: io.columns }
    io.write(statusText(target.label, status, verdict, pen))
  }
  noteUnreadable(io, status.unreadable)
  if (check && verdict.level !== 'well') throw new Told()
}
