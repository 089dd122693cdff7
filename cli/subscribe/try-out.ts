import { tryPattern } from '../../core/subscribe/try-pattern.ts'
import type { Pattern } from '../../core/subscribe/value-patterns.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { tableText } from '../output/table.ts'
import { painter } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import { changeText, clipChange } from '../output/values.ts'
import type { Target } from '../target.ts'

const NEWEST = 100
/** Each quiet day is asked about: of a stage in which so long nothing happens, nothing can be tried. */
const LOOK_BACK_MS = 90 * 86_400_000
/** The clocks of the functions may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000

type Asked = { pattern: Pattern; dryRun?: number | true | undefined; json: boolean; utc: boolean }

/** Shows which of the newest changes the pattern would have matched. */
export async function tryOut(io: Io, target: Target, { pattern, dryRun, json, utc }: Asked): Promise<void> {
  const now = io.now()
  const limit = typeof dryRun === 'number' ? dryRun : NEWEST
  const services = {
    ...{ dynamo: target.dynamo, tables: target.tables, connections: target.connections },
    events: await target.more.events(),
    progress: (asked: number, of: number) => io.progress?.(`asked about ${asked} of ${counted(of, 'change')}`),
  }
  const tried = await tryPattern(services, pattern, { since: now - LOOK_BACK_MS, until: now + AHEAD_MS, limit }).catch(
    (error: unknown) => {
      if (error instanceof Error && error.name === 'InvalidEventPatternException')
        throw new Failure(`EventBridge does not take this pattern: ${error.message}`)
      throw error
    },
  )
  io.progress?.(null)
  const matched = tried.filter(({ matches }) => matches).map(({ change }) => change)
  if (json) {
    const changes = matched.map(({ order: _order, ...change }) => change)
    return writeJson(io, { pattern, tried: tried.length, matched: matched.length, changes })
  }
  io.write(`${JSON.stringify(pattern, null, 2)}\n`)
  const style = { now, utc }
  const columns = [
    { head: utc ? 'WHEN (UTC)' : 'WHEN', align: 'right' as const },
    { head: 'WHAT' },
    { head: 'FIELD' },
    { head: 'CHANGE', min: 16, cut: clipChange },
  ]
  const rows = matched.map((change) => [
    timeText(change.at, style),
    `${change.resource.kind} ${change.resource.id}`,
    change.field,
    changeText(change, style),
  ])
  if (rows.length > 0) io.write(`\n${tableText(columns, rows, { width: io.columns, paint: painter(io.colours) })}`)
  io.write(
    `\n${matched.length} of the newest ${counted(tried.length, 'change')} would have matched (${target.label}).\n`,
  )
  if (tried.length > 0) io.note('Places and tasks are compared as they are now; on the bus they were as at that time.')
}
