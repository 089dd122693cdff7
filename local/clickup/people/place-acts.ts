import type { Random } from '../random.ts'
import type { World } from '../world/world.ts'
import type { Crowd } from './crowd.ts'
import type { PlaceActName } from './mix.ts'

/** What people do with lists, folders, spaces and goals. */
export function placeActs(world: World, random: Random, crowd: Crowd): Record<PlaceActName, () => void> {
  const { store } = world
  const { me, oneOf, fresh } = crowd
  /** Lists, folders and spaces made here; no others are deleted, so that the world keeps its shape. */
  const made = { lists: new Set<string>(), folders: new Set<string>(), spaces: new Set<string>() }

  /** Makes, renames or deletes something of which people made some. */
  function place(
    kind: 'lists' | 'folders' | 'spaces',
    acts: Record<'make' | 'rename' | 'remove', (id: string) => void>,
  ) {
    const act = made[kind].size === 0 ? 'make' : random.weighted({ make: 2, rename: 4, remove: 1 })
    const id = oneOf(made[kind]) ?? ''
    acts[act](id)
    if (act === 'remove') made[kind].delete(id)
    // What lay in it went with it.
    for (const each of made.lists) if (!store.lists.has(each)) made.lists.delete(each)
    for (const each of made.folders) if (!store.folders.has(each)) made.folders.delete(each)
  }

  return {
    list: () =>
      place('lists', {
        make: () => {
          const folder = oneOf([...store.folders.values()].filter(({ hidden }) => !hidden).map(({ id }) => id))
          if (folder === undefined) return
          made.lists.add(
            world.createList(me(), { name: `Ideas ${fresh()}`, parent: { kind: 'folder', id: folder } }).id,
          )
        },
        rename: (id) => world.renameList(me(), id, `Ideas ${fresh()}`),
        remove: (id) => world.deleteList(me(), id),
      }),
    folder: () =>
      place('folders', {
        make: () => {
          const spaceId = oneOf(store.spaces.keys())
          if (spaceId !== undefined)
            made.folders.add(world.createFolder(me(), { spaceId, name: `Drafts ${fresh()}` }).id)
        },
        rename: (id) => world.renameFolder(me(), id, `Drafts ${fresh()}`),
        remove: (id) => world.deleteFolder(me(), id),
      }),
    space: () =>
      place('spaces', {
        make: () => {
          made.spaces.add(world.createSpace(me(), { name: `Lab ${fresh()}` }).id)
        },
        rename: (id) => world.renameSpace(me(), id, `Lab ${fresh()}`),
        remove: (id) => world.deleteSpace(me(), id),
      }),
    goal: () => {
      const id = oneOf(store.goals.keys())
      const act = id === undefined ? 'make' : random.weighted({ make: 2, change: 4, remove: 1 })
      if (act === 'make') world.createGoal(me(), { name: `Goal ${fresh()}` })
      else if (act === 'change' && id !== undefined) world.updateGoal(me(), id, { name: `Goal ${fresh()}` })
      else if (id !== undefined && store.goals.size > 2) world.deleteGoal(me(), id)
    },
    keyResult: () => {
      const goal = store.goals.get(oneOf(store.goals.keys()) ?? '')
      if (goal === undefined) return
      const [first] = goal.keyResults
      if (first === undefined || random.chance(0.3)) world.createKeyResult(me(), goal.id, { name: `Target ${fresh()}` })
      else if (random.chance(0.8)) world.updateKeyResult(me(), first.id, { stepsCurrent: first.stepsCurrent + 1 })
      else world.deleteKeyResult(me(), first.id)
    },
  }
}
