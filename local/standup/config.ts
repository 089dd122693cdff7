import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigInput } from '../../infra/config.ts'
import type { Prepared } from './prepared.ts'
import { WORKING } from './working-time.ts'

/** US$ for a million tokens, such that what a question costs can be seen in a report. */
export const PRICE = { input: 0.1, output: 0.4 } as const
/** The model's time for an answer. A slow one takes longer. */
const TIMEOUT_SECONDS = 2
/** The day began so long ago. */
const HOURS_AGO = 8

/** The one field that a recipe fills. */
export const RECIPE = { name: 'handover', status: 'in review', field: 'Handover' } as const

const clock = (at: number) =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: WORKING.timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).format(at)

/** When the day begins: at a whole minute, so that it can be said as a time of the day. */
export const beginningOf = (now: number): number => Math.floor(now / 60_000) * 60_000 - HOURS_AGO * 3_600_000

/**
 * A config with one summary for each round of the check, all of the same lists and the same day, so that each is another occasion.
 *
 * @param from when the day begins (ms since 1970): the time of the day at which each summary was due the last time
 * @returns its path
 */
export function writeConfig(
  directory: string,
  given: {
    modelUrl: string
    from: number
    summaries: readonly string[]
    prepared: Pick<Prepared, 'list' | 'lists' | 'notesId'>
  },
): string {
  const { modelUrl, from, summaries, prepared } = given
  const { timeZone } = WORKING
  const hours = (hour: number) => `${String(hour).padStart(2, '0')}:00`
  const config = {
    reports: { timeZone, workingHours: { from: hours(WORKING.from), to: hours(WORKING.to) } },
    standup: {
      model: {
        ...{ provider: 'openai-compatible', id: 'local-model', baseUrl: modelUrl, price: { ...PRICE } },
        timeoutSeconds: TIMEOUT_SECONDS,
      },
      summaries: summaries.map((name) => ({
        ...{ name, timeZone, at: clock(from), days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const },
        lists: prepared.lists.map(({ id }) => id),
        to: { comment: { task: prepared.notesId }, event: true },
      })),
      recipes: [
        {
          name: RECIPE.name,
          on: { status: RECIPE.status },
          lists: [prepared.list.id],
          fill: { field: RECIPE.field },
          prompt: 'task/v1',
        },
      ],
    },
  } satisfies ConfigInput
  const path = join(directory, 'hookline.config.mjs')
  writeFileSync(path, `export default ${JSON.stringify(config, null, 2)}\n`)
  return path
}
