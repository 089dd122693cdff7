import type { Random } from '../random.ts'
import { type Actor, inApp } from '../world/mutation.ts'
import type { List, Task, User } from '../world/types.ts'
import type { World } from '../world/world.ts'

export type Crowd = ReturnType<typeof createCrowd>

/** Who acts, and on what: seeded choices among what the world holds at the moment. */
export function createCrowd(world: World, random: Random) {
  const { store } = world
  let number = 0

  const someone = (): User => random.pick(world.users().filter((user) => !user.bot && !user.disabled))
  const me = (): Actor => inApp(someone().id)

  /** A task that is neither deleted nor archived. */
  function someTask(): Task | undefined {
    const ids = store.tasks.ids()
    for (let attempt = 0; attempt < 20 && ids.length > 0; attempt++) {
      const task = world.task(random.pick(ids))
      if (task !== undefined && !task.archived) return task
    }
    return undefined
  }
  const onTask = (act: (task: Task) => void) => () => {
    const task = someTask()
    if (task !== undefined) act(task)
  }
  const oneOf = (ids: Iterable<string>): string | undefined => {
    const all = [...ids]
    return all.length === 0 ? undefined : random.pick(all)
  }
  const someList = (): List | undefined => {
    const id = oneOf(world.lists().flatMap((list) => (list.archived ? [] : [list.id])))
    return store.lists.get(id ?? '')
  }
  /** One of those made last. */
  const someRecent = <T>(from: ReadonlyMap<string, T>): T | undefined =>
    from.get(oneOf([...from.keys()].slice(-50)) ?? '')

  /** A number that no other act has: it keeps one text from being another's. */
  const fresh = (): number => {
    number += 1
    return number
  }

  return { someone, me, onTask, oneOf, someList, someRecent, fresh }
}
