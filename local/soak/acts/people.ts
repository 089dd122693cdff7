import { type ActName, USUAL_MIX } from '../../clickup/people/mix.ts'
import { placeActs } from '../../clickup/people/place-acts.ts'
import { taskActs } from '../../clickup/people/task-acts.ts'
import { inApp } from '../../clickup/world/mutation.ts'
import { createEditor } from '../../virtual/edits.ts'
import type { Command } from '../command.ts'
import type { Scene } from '../scene.ts'

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

/** Deletions, restorations and places are commands of their own. */
const MIX: Record<ActName, number> = {
  ...USUAL_MIX,
  ...{ list: 0, folder: 0, space: 0, deleteTask: 0, restoreTask: 0 },
  ...{ editTime: 16, deleteTime: 8, archive: 6 },
}
const MOST_DRAWS = 50
/** Nobody empties the workspace. */
const FEWEST_TASKS = 12

/** What people do, one act after the other. */
export async function people(scene: Scene, { seed, count, everyMs }: Of<'people'>): Promise<void> {
  const { world } = scene.machine.clickup
  const random = scene.decideBy(seed)
  const editor = createEditor(world, random)
  const acts = {
    ...taskActs(world, random, scene.crowd),
    ...placeActs(world, random, scene.crowd),
    // No field of tasks: it shows the others' names, which change with those and not with the task.
    field: scene.crowd.onTask(({ id }) => editor.edit(id, 'field')),
  }
  for (let done = 0; done < count; done++) {
    await scene.act(() => {
      const before = world.revision()
      for (let draw = 0; draw < MOST_DRAWS && world.revision() === before; draw++) acts[random.weighted(MIX)]()
    })
    await scene.pass(everyMs)
  }
}

/** Somebody marks many tasks and sets one thing for all of them; of those in lists that are meant, by default in any. */
export async function bulk(
  scene: Scene,
  { seed, count }: Of<'bulk'>,
  isMeant: (listId: string) => boolean = () => true,
): Promise<void> {
  const { world } = scene.machine.clickup
  const random = scene.decideBy(seed)
  const editor = createEditor(world, random)
  const kind = random.pick(['status', 'priority', 'assign', 'tag', 'dueDate'] as const)
  const ids = random
    .shuffle(world.tasks().flatMap(({ id, archived, listId }) => (archived || !isMeant(listId) ? [] : [id])))
    .slice(0, count)
  await scene.act(() => {
    for (const id of ids) editor.edit(id, kind)
  })
}

export async function deleteTask(scene: Scene, { seed }: Of<'deleteTask'>): Promise<void> {
  const { world } = scene.machine.clickup
  const random = scene.decideBy(seed)
  const tasks = world.tasks()
  if (tasks.length <= FEWEST_TASKS) return
  await scene.act(() => world.deleteTask(scene.crowd.me(), random.pick(tasks).id))
}

export async function restoreTask(scene: Scene, { seed }: Of<'restoreTask'>): Promise<void> {
  const { world } = scene.machine.clickup
  const { tasks } = world.store
  const random = scene.decideBy(seed)
  const gone = tasks.ids().flatMap((id) => {
    const task = tasks.get(id)
    return task?.deleted && world.store.lists.has(task.listId) ? [task] : []
  })
  if (gone.length > 0) await scene.act(() => void world.restoreTask(scene.crowd.me(), random.pick(gone).id))
}

/** What happens to lists, folders, spaces and members. */
export async function place(scene: Scene, { seed }: Of<'place'>): Promise<void> {
  const { world } = scene.machine.clickup
  const { crowd } = scene
  const random = scene.decideBy(seed)
  const lists = world.lists().filter(({ archived }) => !archived)
  const folders = [...world.store.folders.values()].filter(({ hidden }) => !hidden)
  const spaces = [...world.store.spaces.values()]
  const acts = {
    renameList: () => void world.renameList(crowd.me(), random.pick(lists).id, `List ${crowd.fresh()}`),
    renameFolder: () => void world.renameFolder(crowd.me(), random.pick(folders).id, `Folder ${crowd.fresh()}`),
    renameSpace: () => void world.renameSpace(crowd.me(), random.pick(spaces).id, `Space ${crowd.fresh()}`),
    newList: () => {
      const parent = { kind: 'folder' as const, id: random.pick(folders).id }
      world.createList(crowd.me(), { name: `List ${crowd.fresh()}`, parent })
    },
    join: () => {
      const number = crowd.fresh()
      world.addUser({ username: `Member ${number}`, email: `member${number}@example.com`, role: 3 })
    },
    renameMember: () => {
      const user = crowd.someone()
      world.changeUser(inApp(user.id), user.id, { username: `Member ${crowd.fresh()}` })
    },
  }
  const act = random.weighted({ renameList: 3, renameFolder: 2, renameSpace: 2, newList: 2, join: 1, renameMember: 1 })
  await scene.act(acts[act])
}

/** Somebody makes a space private, without our token's user. One is left that it sees. */
export async function hide(scene: Scene, { seed }: Of<'hide'>): Promise<void> {
  const { world, userId: ours } = scene.machine.clickup
  const userId = Number(ours)
  const random = scene.decideBy(seed)
  const seen = [...world.store.spaces.values()].filter((space) => world.isMember(space, userId))
  if (seen.length < 2) return
  const others = world.users().flatMap(({ id }) => (id === userId ? [] : [id]))
  await scene.act(() => void world.makePrivate(scene.crowd.me(), random.pick(seen).id, others))
}

/** Everybody sees all of them again. */
export async function show(scene: Scene): Promise<void> {
  const { world } = scene.machine.clickup
  for (const { id, private: isHidden } of [...world.store.spaces.values()])
    if (isHidden) await scene.act(() => void world.makePublic(scene.crowd.me(), id))
}
