import type { Goal, KeyResult, User } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { personIn } from './people.ts'

const people = (world: World, ids: readonly number[]): User[] => ids.flatMap((id) => world.store.users.get(id) ?? [])

const percentOf = ({ stepsStart, stepsEnd, stepsCurrent }: KeyResult): number =>
  stepsEnd === stepsStart ? 0 : Math.round((100 * (stepsCurrent - stepsStart)) / (stepsEnd - stepsStart))

const goalPercent = ({ keyResults }: Goal): number =>
  keyResults.length === 0
    ? 0
    : Math.round(keyResults.reduce((sum, each) => sum + percentOf(each), 0) / keyResults.length)

export const renderKeyResult = (world: World, goal: Goal, keyResult: KeyResult) => ({
  id: keyResult.id,
  goal_id: goal.id,
  name: keyResult.name,
  type: keyResult.type,
  unit: keyResult.unit,
  creator: keyResult.creatorId,
  date_created: String(keyResult.createdAt),
  goal_pretty_id: goal.prettyId,
  percent_completed: percentOf(keyResult),
  completed: percentOf(keyResult) >= 100,
  task_ids: [],
  subcategory_ids: [],
  owners: people(world, keyResult.ownerIds).map(personIn),
  steps_start: keyResult.stepsStart,
  steps_end: keyResult.stepsEnd,
  steps_current: keyResult.stepsCurrent,
  last_action: { note: keyResult.note, steps_current: keyResult.stepsCurrent },
})

/** A goal without what only one of the two answers has. */
const renderCommon = (world: World, goal: Goal) => ({
  id: goal.id,
  pretty_id: goal.prettyId,
  name: goal.name,
  team_id: world.workspace.id,
  creator: goal.creatorId,
  color: goal.color,
  date_created: String(goal.createdAt),
  start_date: null,
  due_date: goal.dueDate === null ? null : String(goal.dueDate),
  description: goal.description,
  private: false,
  archived: false,
  multiple_owners: goal.ownerIds.length > 1,
  folder_id: null,
  members: [],
  owners: people(world, goal.ownerIds).map(personIn),
  percent_completed: goalPercent(goal),
})

/** A goal in a list. */
export const renderGoalInList = (world: World, goal: Goal) => ({
  ...renderCommon(world, goal),
  owner: null,
  date_updated: String(goal.updatedAt),
  last_update: String(goal.updatedAt),
  pinned: false,
  key_result_count: goal.keyResults.length,
  group_members: [],
})

/** A goal on its own. */
export const renderGoal = (world: World, goal: Goal) => ({
  ...renderCommon(world, goal),
  key_results: goal.keyResults.map((keyResult) => renderKeyResult(world, goal, keyResult)),
  history: [],
  pretty_url: `https://app.clickup.com/${world.workspace.id}/goals/${goal.prettyId}`,
})
