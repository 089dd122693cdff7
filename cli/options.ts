import { type Command, InvalidArgumentError, Option } from 'commander'
import * as z from 'zod'
import { nameSchema } from '../core/platform/connections.ts'
import type { Io } from './io.ts'
import { parseSince } from './output/time.ts'

/** What every command takes, as commander hands it over. */
export const commonOptions = z.object({
  json: z.boolean().default(false),
  utc: z.boolean().default(false),
  profile: z.string().optional(),
  region: z.string().optional(),
  stage: z.string().optional(),
})

/** Adds the options that every command takes. */
export const withCommonOptions = (command: Command): Command =>
  command
    .optionsGroup('Output:')
    .option('--json', 'JSON on standard output and nothing else; times are milliseconds since 1970')
    .option('--utc', 'times in UTC, as 2026-03-01T12:00:00Z')
    .optionsGroup('Where to look (the local stack where npm start runs, else AWS):')
    .option('--profile <name>', 'AWS profile')
    .option('--region <name>', 'AWS region, such as eu-west-1')
    .option('--stage <name>', 'deployment (default: the stage in hookline.config.ts)', nameOption)

/** A name of ours: anything else is none, and `main#task` would pass for the beginning of a key. */
export function nameOption(text: string): string {
  const parsed = nameSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message ?? 'is no name'}.`)
}

export const limitOption = (what: string) =>
  new Option('--limit <number>', what).default(100).argParser((text) => {
    const limit = Number(text)
    if (/^\d{1,6}$/.test(text) && limit > 0) return limit
    throw new InvalidArgumentError('It must be a whole number from 1 to 999999.')
  })

export const daysOption = (text: string): number => {
  const days = Number(text)
  if (/^\d{1,4}$/.test(text) && days > 0) return days
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

export const sinceOption = (what: string, { now }: Pick<Io, 'now'>) =>
  new Option('--since <time>', what).argParser((text) => {
    const since = parseSince(text, now())
    if (since !== null) return since
    throw new InvalidArgumentError('It must be a duration such as 30m, 2h or 7d, or a time such as 2026-03-01T12:00.')
  })

/** A required word: an empty one is what an unset shell variable leaves behind. */
export const word = (text: string): string => {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}
