import { recentChanges } from '../../ledger/day.ts'
import type { Recorded } from '../../ledger/history.ts'
import { isGone } from '../../tasks/snapshot.ts'
import { createTaskStore } from '../../tasks/store.ts'
import { LATE_MS } from '../due.ts'
import type { StandupJobInput } from '../job.ts'
import type { StandupServices } from '../services.ts'
import type { RecipeSettings } from '../settings.ts'
import { dayOf, spanOf } from '../span.ts'
import { ownFields } from './own-fields.ts'
import { isMeantFor, placeOfTask } from './place.ts'

/** Each of them may cost a question and a write: what is more than this was no day's work of people. */
const MOST_TASKS = 200
/** A bulk edit of a whole workspace; beyond it only the newest are looked at. */
const MOST_CHANGES = 10_000

/**
 * Begins a scheduled recipe: a job for each task of its places to which something has happened since the time before, those with
 * the newest changes first. Called again for the same time it sends the same jobs, and each is done once.
 *
 * @param at when it was due (ms since 1970)
 * @returns how many jobs were sent
 */
export async function beginRound(name: string, at: number, services: StandupServices): Promise<number> {
  const { clock, log, settings, sendJobs } = services
  const recipe = settings.recipes.find((each) => each.name === name)
  if (recipe === undefined || recipe.on.kind !== 'schedule') {
    log.warn('There is no recipe of this name on a schedule', { name })
    return 0
  }
  if (clock.now() - at > LATE_MS) {
    log.warn('A round of a recipe came more than a day too late and was left out', { name, at })
    return 0
  }
  const { on, connection } = recipe
  const span = spanOf(on, at)
  const isNews = await newsFor(recipe, services)
  // The index is read by whole days; what comes later belongs to the next round, also when this one is begun again.
  const isWanted = (change: Recorded) => change.publishedAt < span.until && isNews(change)
  const { ledger } = services.tables
  const { changes, more, unreadable } = await recentChanges(
    { dynamo: services.dynamo, table: ledger },
    { since: span.from, until: span.until, limit: MOST_CHANGES, connection, wanted: isWanted },
  )
  if (unreadable > 0) log.warn('Changes could not be read and asked for no recipe', { name, unreadable })
  // The newest last: a task counts by its newest change.
  const ids = [...new Set(changes.toReversed().map(({ resource }) => resource.id))]
  const { tasks, isCut } = await meantFor(recipe, ids, services)
  if (more || isCut) log.warn('Too much has happened for one round of a recipe', { name, done: tasks.length })
  const occasion = dayOf(at, on.timeZone)
  await sendJobs(tasks.map((taskId): StandupJobInput => ({ job: 'recipe', name, taskId, occasion })))
  return tasks.length
}

/** What is done by us, or by a read, is nothing that has happened. */
const NO_NEWS: ReadonlySet<string> = new Set(['expansion', 'backfill', 'deletion'])

async function newsFor({ connection }: RecipeSettings, { settings, selfOf }: StandupServices) {
  const selfId = await selfOf(connection)
  const isOwnField = ownFields(settings, connection)
  return ({ resource, field, customField, origin, actor }: Recorded): boolean => {
    if (resource.kind !== 'task' || origin === 'backfill' || NO_NEWS.has(field)) return false
    if (actor !== null && actor.id === selfId) return false
    // While our own user is not known, any comment may be ours.
    if (field === 'comment') return selfId !== null && actor !== null
    return customField === null || !isOwnField(customField)
  }
}

const PAGE = 100

/** Those that are there and in the recipe's places, in the order given, as many as a round takes; no more are read than that needs. */
async function meantFor(
  recipe: RecipeSettings,
  ids: readonly string[],
  { dynamo, tables }: StandupServices,
): Promise<{ tasks: string[]; isCut: boolean }> {
  const store = createTaskStore({ dynamo, table: tables.tasks })
  const tasks: string[] = []
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE)
    const stored = await store.load(recipe.connection, page)
    for (const id of page) {
      const snapshot = stored.get(id)?.snapshot ?? null
      if (snapshot === null || isGone(snapshot.state) || isMeantFor(recipe, placeOfTask(snapshot)) !== 'yes') continue
      if (tasks.length === MOST_TASKS) return { tasks, isCut: true }
      tasks.push(id)
    }
  }
  return { tasks, isCut: false }
}
