import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

/** Above it reads of a storm take longer than a plan's minute has room for. */
const SLOW_MS = 2_000
/** Of a window's calls: with less left, whatever comes next waits. */
const LITTLE = 0.1

/** How long ClickUp took for what the doctor asked. */
export function latency({ asked: { took } }: Patient): Said {
  const sorted = took.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) return skip('Nothing was asked.')
  const said = `${Math.round(middle)} ms, the median of ${took.length} calls.`
  return middle > SLOW_MS
    ? warn(said, 'ClickUp is slow: see its status page; changes come later meanwhile, and nothing is lost.')
    : pass(said)
}

/** Whether calls are left, and ClickUp is thought to be up. */
export function budget({ status: { upstream } }: Patient): Said {
  if (upstream === null) return skip('Nothing was asked yet.')
  if (upstream.breaker.state === 'open')
    return fail(
      'ClickUp is taken to be down: one probe asks, and everybody else waits.',
      'Nothing to do here: what waits is worked off when ClickUp answers. See its status page.',
    )
  const shortest = upstream.budget.toSorted((a, b) => a.left / a.limit - b.left / b.limit)[0]
  if (shortest === undefined) return skip('No limit is known yet.')
  const { left, limit, window, refusedUntil } = shortest
  const said = `${left} of ${limit} calls left in this ${window}.`
  if (refusedUntil !== null)
    return warn(
      `${said} ClickUp refuses calls for their rate.`,
      'Somebody else uses this token: give Hookline its own.',
    )
  return left / limit < LITTLE
    ? warn(said, 'It is worked at the limit now: see docs/tuning.md if that lasts.')
    : pass(said)
}
