import type { Random } from '../random.ts'
import { inApp } from '../world/mutation.ts'
import type { List, User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { createPastTask } from './past-task.ts'
import { SPACES, SPRINTS, type SpacePlan, WORKSPACE_FIELDS } from './plan.ts'
import { MEMBERS } from './words.ts'

const DAY = 86_400_000
const FOUNDED_DAYS_AGO = 400

type FilledList = { list: List; tasks: number }

function buildSpace(world: World, owner: User, plan: SpacePlan): FilledList[] {
  const actor = inApp(owner.id)
  const { name, color, customIdPrefix, statuses } = plan
  const space = world.createSpace(actor, { name, color, customIdPrefix, statuses })
  // Every space is born with a list called List, which this company does not use.
  for (const list of world.lists()) if (list.name === 'List') world.deleteList(actor, list.id)
  for (const field of plan.fields) world.createField(actor, { ...field, place: { kind: 'space', id: space.id } })
  const inFolders = plan.folders.flatMap((folderPlan) => {
    const folder = world.createFolder(actor, { spaceId: space.id, name: folderPlan.name })
    return folderPlan.lists.map((list) => ({ plan: list, parent: { kind: 'folder', id: folder.id } as const }))
  })
  const alone = plan.lists.map((list) => ({ plan: list, parent: { kind: 'space', id: space.id } as const }))
  return [...inFolders, ...alone].map(({ plan: listPlan, parent }) => {
    const list = world.createList(actor, { name: listPlan.name, parent, statuses: listPlan.statuses })
    return { list: listPlan.archived ? world.archiveList(actor, list.id) : list, tasks: listPlan.tasks }
  })
}

function buildSprints(world: World, owner: User, now: number): FilledList[] {
  const actor = inApp(owner.id)
  const space = [...world.store.spaces.values()].find(({ name }) => name === SPRINTS.space)
  if (space === undefined) return []
  const folder = world.createFolder(actor, { spaceId: space.id, name: SPRINTS.folder })
  const today = now - (now % DAY)
  return Array.from({ length: SPRINTS.count }, (_, index) => {
    // The middle one is running.
    const startDate = today + ((index - 1) * SPRINTS.days - 5) * DAY
    const list = world.createList(actor, {
      name: `Sprint ${SPRINTS.first + index}`,
      parent: { kind: 'folder', id: folder.id },
      startDate,
      dueDate: startDate + (SPRINTS.days - 1) * DAY,
    })
    return { list, tasks: SPRINTS.tasks }
  })
}

function buildGoals(world: World, people: readonly User[], random: Random): void {
  for (const name of ['Answer every customer within a day', 'Ship the Android app', 'Grow the newsletter']) {
    const actor = inApp(random.pick(people).id)
    const goal = world.createGoal(actor, { name, dueDate: world.now() + 90 * DAY })
    world.createKeyResult(actor, goal.id, { name: `${name}: measured`, stepsEnd: random.int(5, 50) })
  }
}

/** Some tasks hang together, and some are pulled into a sprint from the list that they live in. */
function relate(world: World, random: Random): void {
  const tasks = world.tasks().filter((task) => task.parentId === null && !task.archived)
  const sprints = world.lists().filter(({ name }) => name.startsWith('Sprint'))
  for (let count = 0; count < 12; count++) {
    const [one, other] = [random.pick(tasks), random.pick(tasks)]
    const actor = inApp(one.creatorId)
    world.addToList(actor, one.id, random.pick(sprints).id)
    if (one.id === other.id) continue
    if (count % 2 === 0) world.addDependency(actor, one.id, other.id)
    else world.linkTasks(actor, one.id, other.id)
  }
}

/**
 * A company at work for a while: the same one for the same seed and time. Nothing of it is in the log.
 * @param mostInAList fewer tasks than the plan has, for whoever has to read all of them first
 */
export function buildDemoWorkspace(world: World, random: Random, mostInAList = Number.POSITIVE_INFINITY): void {
  const now = world.now()
  const founded = now - FOUNDED_DAYS_AGO * DAY
  const people = world.inThePast(founded, () => MEMBERS.map((member) => world.addUser(member)))
  const [owner] = people
  if (owner === undefined) return
  const lists = world.inThePast(founded + DAY, () => {
    const place = { kind: 'team', id: world.workspace.id } as const
    for (const field of WORKSPACE_FIELDS) world.createField(inApp(owner.id), { ...field, place })
    const filled = SPACES.flatMap((plan) => buildSpace(world, owner, plan))
    return [...filled, ...buildSprints(world, owner, now)]
  })
  for (const { list, tasks } of lists) {
    for (let count = 0; count < Math.min(tasks, mostInAList); count++) createPastTask(world, people, list, now, random)
  }
  world.inThePast(now - DAY, () => {
    buildGoals(world, people, random)
    relate(world, random)
  })
}
