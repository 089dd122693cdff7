import { systemClock } from '../../core/platform/clock.ts'
import type { Faults } from '../clickup/faults.ts'
import { work } from '../clickup/people.ts'
import { createRandom } from '../clickup/random.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { inApp } from '../clickup/world/mutation.ts'

/** ClickUp as it is on a lively day: every fifth delivery comes twice, and up to half a second late. */
export const SCENARIO_FAULTS: Partial<Faults> = {
  duplicates: 0.2,
  reorderingMs: 500,
  latencyMs: { min: 2, max: 20 },
}

/** People's acts a second: a storm for a team of ten, and little enough that latencies are not those of a queue. */
const ACTS_PER_SECOND = 50

/**
 * What people do besides: lists, folders, spaces and goals only change in rounds, and nothing returns from the bin, because
 * what a look finds depends on when it looks (see `expectedOf`).
 */
const MIX = { list: 0, folder: 0, space: 0, goal: 0, keyResult: 0, restoreTask: 0 }

/**
 * Lets at least `changes` things happen. People work on tasks all the while; places change one step a round.
 * @param drained waits until everything that has happened so far is through
 */
export async function playScenario(
  { world, log }: Pick<FakeClickUp, 'world' | 'log'>,
  { seed, changes, drained }: { seed: number; changes: number; drained: () => Promise<void> },
): Promise<void> {
  const random = createRandom(seed).fork('people')
  const rounds = placeRounds(world)
  // Hints are left out: several of them may lead to one change.
  const made = () => log.changes().filter(({ kind }) => kind === 'item' || kind === 'deletion').length
  for (let round = 0; round < rounds.length || made() < changes; round++) {
    rounds[round]?.()
    const open = Math.max(0, changes - made())
    const share = Math.ceil(open / Math.max(1, rounds.length - round))
    const people = work({
      world,
      random: random.fork(round),
      clock: systemClock,
      // An act is one change at least.
      count: share,
      ratePerSecond: ACTS_PER_SECOND,
      mix: MIX,
    })
    await people.done
    await drained()
  }
}

/** The life of a list, a folder, a space and a goal, so that every event without history items occurs. */
function placeRounds(world: FakeClickUp['world']): (() => void)[] {
  const [person] = world.users().filter((user) => !user.bot)
  const [home] = [...world.store.spaces.keys()]
  if (person === undefined || home === undefined) throw new Error('The workspace is empty')
  const actor = inApp(person.id)
  const folder = world.createFolder(actor, { spaceId: home, name: 'Research' })
  const inFolder = world.createList(actor, { name: 'Interviews', parent: { kind: 'folder', id: folder.id } })
  const list = world.createList(actor, { name: 'Inbox', parent: { kind: 'space', id: home } })
  const space = world.createSpace(actor, { name: 'Partners' })
  const goal = world.createGoal(actor, { name: 'Ten new partners' })
  let target: ReturnType<typeof world.createKeyResult> | undefined
  return [
    () => undefined,
    () => {
      world.renameFolder(actor, folder.id, 'User research')
      world.renameList(actor, list.id, 'Incoming')
      world.renameSpace(actor, space.id, 'Partner programme')
      world.updateGoal(actor, goal.id, { name: 'Twelve new partners' })
    },
    () => {
      world.archiveFolder(actor, folder.id)
      world.archiveList(actor, inFolder.id)
      target = world.createKeyResult(actor, goal.id, { name: 'Contracts signed', stepsEnd: 12 })
    },
    () => {
      world.archiveFolder(actor, folder.id, false)
      if (target !== undefined) world.updateKeyResult(actor, target.id, { stepsCurrent: 3 })
    },
    () => {
      world.deleteList(actor, list.id)
      world.deleteFolder(actor, folder.id)
      world.deleteSpace(actor, space.id)
      world.deleteGoal(actor, goal.id)
    },
  ]
}
