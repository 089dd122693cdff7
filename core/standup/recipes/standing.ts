import { isGone, type Snapshot } from '../../tasks/snapshot.ts'
import { isDay, isLate } from '../due.ts'
import type { RecipeSettings } from '../settings.ts'
import { hopsOf, statusNow } from './hops.ts'
import type { TaskKnowledge } from './knowledge.ts'
import type { RecipeOutcome } from './outcome.ts'
import { isMeantFor, placeOfTask } from './place.ts'
import { isSameStatus } from './status-name.ts'

/** Whether a recipe is still to be done with a task, by what the tables hold now. */
export type Standing = { kind: 'wanted'; snapshot: Snapshot } | Exclude<RecipeOutcome, { kind: 'done' | 'already' }>

/** While ClickUp cannot be reached; the sweep reads what was never read. */
const UNREAD_SECONDS = 600
/** A change is on the bus a moment before it is in the ledger. */
const CLAIMED_SECONDS = 5

const DAY_MS = 24 * 3_600_000
/**
 * A person brings a task into one status a few times a day. More often it is an automation in ClickUp that answers to what
 * the recipe writes, and the recipe to what the automation does: nothing in a single event shows such a circle.
 */
const MOST_A_DAY = 10

export function standingOf(
  recipe: RecipeSettings,
  { occasion, now }: { occasion: string; now: number },
  knowledge: TaskKnowledge,
): Standing {
  const { snapshot, changes, claimed } = knowledge
  if (snapshot === null) {
    return { kind: 'again', inSeconds: UNREAD_SECONDS, reason: 'The task was not read from ClickUp yet.' }
  }
  if (snapshot === 'unreadable') {
    return {
      kind: 'failed',
      reason: 'The task is stored in a form that this release cannot read: deploy the one that wrote it.',
    }
  }
  if (isGone(snapshot.state)) return { kind: 'gone' }
  if (isMeantFor(recipe, placeOfTask(snapshot)) !== 'yes') return { kind: 'elsewhere' }
  if (recipe.on.kind === 'schedule') {
    // What asked for it is a change where the recipe waited for a status before.
    return isDay(occasion) && isLate(recipe.on, occasion, now) ? { kind: 'late' } : { kind: 'wanted', snapshot }
  }

  const { status: wanted } = recipe.on
  const change = changes.find(({ id, toldBy }) => id === occasion || toldBy === occasion)
  if (change === undefined && claimed > 0) {
    return { kind: 'again', inSeconds: CLAIMED_SECONDS, reason: 'The change is still being written down.' }
  }
  const hops = hopsOf(changes)
  const status = statusNow(snapshot, hops)?.name ?? null
  if (status === null || !isSameStatus(status, wanted)) return { kind: 'left', status }
  const at = change?.at ?? now
  const times = hops.filter((hop) => isSameStatus(hop.to.name, wanted) && hop.at > at - DAY_MS && hop.at <= at).length
  return times > MOST_A_DAY ? { kind: 'tooOften', times } : { kind: 'wanted', snapshot }
}
