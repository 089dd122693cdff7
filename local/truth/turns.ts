import type { Random } from '../clickup/random.ts'
import { inApp } from '../clickup/world/mutation.ts'
import type { World } from '../clickup/world/world.ts'

/** What happens once, in this order, while people work: places, members, and time that goes from task to task. */
export function turnsOf(world: World, random: Random): (() => void)[] {
  const people = world.users().filter(({ bot }) => !bot)
  const [ada] = people
  const home = [...world.store.spaces.values()][0]
  const [folder] = [...world.store.folders.values()].filter(({ hidden }) => !hidden)
  const lists = world.lists().filter(({ archived }) => !archived)
  const [first, second] = lists
  if (ada === undefined || home === undefined || folder === undefined || first === undefined || second === undefined)
    throw new Error('The workspace is empty')
  const actor = inApp(ada.id)
  const member = random.pick(people)
  let made = ''
  let space = ''
  const moveTime = () => {
    const entry = [...world.store.timeEntries.values()].findLast(
      ({ taskId, start }) =>
        taskId !== null && world.task(taskId) !== undefined && start > world.now() - 20 * 86_400_000,
    )
    const to = world.tasks().find(({ id, archived }) => id !== entry?.taskId && !archived)
    if (entry !== undefined && to !== undefined) world.editTime(inApp(entry.userId), entry.id, { taskId: to.id })
  }
  return [
    () => world.renameList(actor, first.id, 'Backend'),
    moveTime,
    () => {
      made = world.createList(actor, { name: 'Ideas', parent: { kind: 'folder', id: folder.id } }).id
    },
    () => world.renameFolder(actor, folder.id, 'Platform team'),
    () => world.addUser({ username: 'Yuki Tanaka', email: 'yuki@example.com', role: 3 }),
    () => world.renameList(actor, second.id, 'Operations'),
    () => {
      space = world.createSpace(actor, { name: 'Partners' }).id
    },
    () => world.changeUser(actor, member.id, { username: `${member.username} Jr.` }),
    moveTime,
    () => world.renameList(actor, made, 'Good ideas'),
    () => world.renameSpace(actor, home.id, 'Product'),
    () => world.renameFolder(actor, folder.id, 'Platform'),
    () => world.archiveList(actor, made),
    moveTime,
    () => world.renameSpace(actor, space, 'Partner programme'),
    () => world.renameList(actor, first.id, 'Backend API v2'),
    () => world.archiveList(actor, made, false),
    () => world.deleteList(actor, made),
    moveTime,
  ]
}
