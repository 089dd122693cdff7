import type { Driver } from '../check/drive.ts'
import { createPeople } from '../check/people.ts'
import { LATE_MS } from '../check/settings.ts'
import type { Witness } from '../check/witness.ts'
import { createRandom } from '../clickup/random.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { type Actor, inApp } from '../clickup/world/mutation.ts'
import type { Task } from '../clickup/world/types.ts'
import { until } from '../start/until.ts'
import { turnsOf } from './turns.ts'

/** Clocks are the same here, but what is under way takes its time. */
const MARGIN_MS = 1_000
/** A read so soon after a deletion does not bring the task back, nor does a census believe its absence. */
const READ_LAG_MS = 5_500

export type Stage = {
  clickup: FakeClickUp
  driver: Driver
  witness: Witness
  seed: number
  changes: number
  /** Of our token. */
  userId: number
}

/** What a story is made of. */
export function createScenes({ clickup, driver, witness, seed, changes, userId }: Stage) {
  const { world, faults, webhooks } = clickup
  const people = createPeople(world, createRandom(seed).fork('people'), witness)
  const turns = turnsOf(world, createRandom(seed).fork('turns'))
  const counts = { sweeps: 0, censuses: 0 }
  const [first] = world.users().filter(({ bot }) => !bot)
  if (first === undefined) throw new Error('The workspace is empty')
  const actor: Actor = inApp(first.id)

  const passed = (ms: number) =>
    until(() => (Date.now() > people.lastAt() + ms ? true : undefined), {
      what: 'time to pass',
      deadlineMs: 60_000,
      everyMs: 20,
    })

  return {
    actor,
    counts,
    /** Tasks that hang together with no other: what becomes of them becomes of nothing else. */
    alone: (): Task[] =>
      world
        .tasks()
        .filter(
          ({ id, parentId, archived }) =>
            parentId === null && !archived && world.store.tasks.subtaskIds(id).length === 0,
        ),
    does: people.does,

    /** A share of all acts, with its share of the turns among them. */
    async wave(share: number): Promise<void> {
      const its = turns.splice(0, Math.ceil(19 * share))
      const count = Math.round(changes * share)
      const between = Math.max(1, Math.floor(count / (its.length + 1)))
      for (const turn of its) {
        await people.act(between)
        await people.does(turn)
      }
      await people.act(Math.max(0, count - between * its.length))
    },

    /** One act none of whose deliveries is ever sent. */
    async unheard(act: () => void): Promise<void> {
      const { lostChanges } = faults
      faults.lostChanges = 1
      await people.does(act)
      faults.lostChanges = lostChanges
    },

    /** Everything that ClickUp had to send is through. */
    async quiet(): Promise<void> {
      await clickup.idle()
      await driver.drained()
    },
    /** A sweep, when all that happened is old enough for it. */
    async sweep(): Promise<void> {
      await passed(LATE_MS + MARGIN_MS)
      await driver.drained()
      await driver.sweep()
      counts.sweeps += 1
    },
    async census(): Promise<void> {
      await passed(READ_LAG_MS)
      await driver.drained()
      await driver.census()
      counts.censuses += 1
    },
    /** Until what is deleted now cannot be taken for what lags. */
    lagged: () => passed(READ_LAG_MS),

    suspend(): void {
      for (const webhook of webhooks.all()) webhooks.suspend(webhook)
    },
    /** Our token does not see the space any more, and nobody tells it so. */
    async hide(name: string): Promise<void> {
      const space = [...world.store.spaces.values()].find((each) => each.name === name)
      if (space === undefined) throw new Error(`There is no space ${name}`)
      const others = world.users().flatMap(({ id }) => (id === userId ? [] : [id]))
      await people.does(() => world.makePrivate(actor, space.id, others))
    },
    /** The guard, by its schedule, until a webhook delivers. */
    async mend(): Promise<void> {
      await passed(LATE_MS + MARGIN_MS)
      await driver.guard()
      await driver.delivering()
    },
  }
}
