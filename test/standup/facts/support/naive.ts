import { percentilesOf } from '../../../../core/report/percentiles.ts'

/** What happens to a task, minute by minute of the test's time; `lag`: how many minutes later it is published. */
export type Happening =
  | { at: number; lag: number; what: 'status'; to: string }
  | { at: number; lag: number; what: 'priority'; to: string | null }
  | { at: number; lag: number; what: 'deletion' }
/** A task is made at `bornAt` with its first status. */
export type Life = { id: string; bornAt: number; status: string; happenings: readonly Happening[] }

type State = { exists: boolean; deleted: boolean; status: string; priority: string | null; since: number }
type Window = { from: number; until: number; isWorking(minute: number): boolean }

const DONE = ['done', 'closed']
const isDone = (status: string) => DONE.includes(status)

/** How a task stood when all was known that had been published before a minute. */
export function stateAt({ bornAt, status, happenings }: Life, publishedBefore: number): State {
  const state: State = { exists: bornAt < publishedBefore, deleted: false, status, priority: null, since: bornAt }
  for (const each of happenings) {
    if (each.at + each.lag >= publishedBefore) break
    if (each.what === 'deletion') state.deleted = true
    else if (each.what === 'priority') state.priority = each.to
    else Object.assign(state, { status: each.to, since: each.at })
  }
  return state
}

const ALL_TIME = Number.MAX_SAFE_INTEGER
const working = ({ isWorking }: Window, from: number, to: number): number => {
  let minutes = 0
  for (let minute = from; minute < to; minute += 1) if (isWorking(minute)) minutes += 1
  return minutes
}

/** Working minutes in each status until a task was done for the last time; null for one that is not, or not yet. */
function spentOf(life: Life, window: Window): Map<string, number> | null {
  const now = stateAt(life, ALL_TIME)
  const steps = [{ at: life.bornAt, to: life.status }]
  for (const each of life.happenings) if (each.what === 'status') steps.push({ at: each.at, to: each.to })
  const lastOpen = steps.findLastIndex(({ to }) => !isDone(to))
  const doneAt = steps[lastOpen + 1]?.at
  if (now.deleted || doneAt === undefined || doneAt >= window.until) return null
  const spent = new Map<string, number>()
  for (const [i, { at, to }] of steps.entries()) {
    const end = Math.min(steps[i + 1]?.at ?? doneAt, doneAt)
    if (end > at) spent.set(to, (spent.get(to) ?? 0) + working(window, at, end))
  }
  return spent
}

/** The facts of a list of tasks, told in the plainest way there is: one line each, sorted. Spans of time are minutes. */
export function naiveFacts(lives: readonly Life[], window: Window): string[] {
  const spent = lives.flatMap((life) => spentOf(life, window) ?? [])
  const p85 = (status: string) => {
    const values = spent.flatMap((each) => each.get(status) ?? [])
    return values.length < 5 ? null : percentilesOf(values).p85
  }
  return lives.flatMap((life) => factsOf(life, window, p85)).sort()
}

function factsOf(life: Life, window: Window, p85: (status: string) => number | null): string[] {
  const { id } = life
  const [begin, end, now] = [window.from, window.until, ALL_TIME].map((minute) => stateAt(life, minute))
  if (begin === undefined || end === undefined || now === undefined) return []
  if (now.deleted) return begin.exists && !begin.deleted && end.deleted ? [`deleted ${id}`] : []
  const facts: string[] = []
  const waits = now.status === 'waiting'
  const forMinutes = working(window, now.since, window.until)
  if (waits) facts.push(`blocked ${id} ${forMinutes}`)
  const usual = p85(now.status)
  if (!waits && ['in progress', 'review'].includes(now.status) && usual !== null && forMinutes > usual)
    facts.push(`stuck ${id} ${forMinutes} ${usual}`)
  const wasDone = begin.exists && isDone(begin.status)
  const [isDoneThen, isDoneNow] = [isDone(end.status), isDone(now.status)]
  const isNew = !begin.exists && end.exists
  if (isDoneThen && isDoneNow && !wasDone && end.exists) facts.push(`done ${id} ${end.status}`)
  else if (isNew && !isDoneNow) facts.push(`created ${id} ${isDoneThen ? now.status : end.status}`)
  else if (wasDone && !isDoneThen && !isDoneNow) facts.push(`reopened ${id} ${begin.status} ${end.status}`)
  else if (begin.exists && !wasDone && !isDoneThen && !isDoneNow && begin.status !== end.status) {
    if (!(waits && end.status === 'waiting')) facts.push(`moved ${id} ${begin.status} ${end.status}`)
  }
  const given = life.happenings.find(
    (each) => each.what === 'priority' && each.to !== null && each.at + each.lag < window.until,
  )
  const first = given?.what === 'priority' ? given.to : null
  const from = begin.exists ? begin.priority : first
  if (end.exists && from !== end.priority) facts.push(`priority ${id} ${from} ${end.priority}`)
  return facts
}
