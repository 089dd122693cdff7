import type { Faults } from '../../faults.ts'
import type { Folder, List, Space, Status } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { memberOf } from './people.ts'

const plainStatus = ({ id, status, type, orderindex, color }: Status) => ({ id, status, type, orderindex, color })

const FEATURES = {
  due_dates: { enabled: true, start_date: true, remap_due_dates: false, remap_closed_due_date: false },
  sprints: { enabled: true },
  time_tracking: { enabled: true },
  points: { enabled: true },
  custom_items: { enabled: false },
  tags: { enabled: true },
  time_estimates: { enabled: true },
  checklists: { enabled: true },
  custom_fields: { enabled: true },
  remap_dependencies: { enabled: false },
  dependency_warning: { enabled: true },
  multiple_assignees: { enabled: true },
  portfolios: { enabled: true },
} as const

const text = (value: number | null) => (value === null ? null : String(value))

export function renderSpace(world: World, space: Space, { timeTracking }: Pick<Faults, 'timeTracking'>) {
  const members = space.memberIds.flatMap((id) => world.store.users.get(id) ?? [])
  return {
    id: space.id,
    name: space.name,
    private: space.private,
    color: space.color,
    avatar: null,
    admin_can_manage: true,
    archived: space.archived,
    ...(space.private ? { members: members.map(memberOf) } : {}),
    statuses: space.statuses.map(plainStatus),
    multiple_assignees: true,
    features: { ...FEATURES, time_tracking: { enabled: timeTracking } },
  }
}

export type Counting = Pick<Faults, 'taskCount' | 'taskCountAs'>

/** Counted once for as long as nothing changes: a folder shows the counts of its lists and their sum. */
const counted = new WeakMap<World, { of: string; counts: Map<string, number> }>()

function taskCount(world: World, listId: string, { taskCount: which }: Counting): number {
  const of = `${world.revision()} ${which}`
  const last = counted.get(world)
  const { counts } = last?.of === of ? last : { counts: new Map<string, number>() }
  if (last?.of !== of) counted.set(world, { of, counts })
  const known = counts.get(listId) ?? countTasks(world, listId, which)
  counts.set(listId, known)
  return known
}

function countTasks(world: World, listId: string, which: Counting['taskCount']): number {
  let count = 0
  for (const id of world.store.tasks.everIn(listId)) {
    const task = world.task(id)
    if (task?.listId !== listId || task.archived) continue
    if (which === 'all' || task.status.type !== 'closed') count += 1
  }
  return count
}

function shownCount(count: number, { taskCountAs }: Counting): number | string | null {
  switch (taskCountAs) {
    case 'number':
      return count
    case 'string':
      return String(count)
    case 'null':
      return null
  }
}

const spaceRef = (space: Space) => ({ id: space.id, name: space.name, access: true })

/** How a list in no folder names its folder: hidden, and called so. */
export const folderRef = (folder: Folder) => ({
  id: folder.id,
  name: folder.name,
  hidden: folder.hidden,
  access: true,
})

/** A list as listings show it. */
export function renderList(world: World, list: List, folder: Folder, space: Space, counting: Counting) {
  return {
    id: list.id,
    name: list.name,
    orderindex: list.orderindex,
    content: list.content,
    status: null,
    priority: null,
    assignee: null,
    task_count: shownCount(taskCount(world, list.id, counting), counting),
    due_date: text(list.dueDate),
    start_date: text(list.startDate),
    folder: folderRef(folder),
    space: spaceRef(space),
    archived: list.archived,
    override_statuses: list.statuses !== null,
    permission_level: 'create',
  }
}

/** A list on its own says more. */
export const renderSingleList = (world: World, list: List, folder: Folder, space: Space, counting: Counting) => ({
  ...renderList(world, list, folder, space, counting),
  due_date_time: false,
  start_date_time: false,
  inbound_address: `a.t.${world.workspace.id}.${list.id}@tasks.clickup.com`,
  statuses: world.statusesOf(list).map(plainStatus),
})

/** A folder with its lists; those that are archived are asked for by themselves. */
export function renderFolder(world: World, folder: Folder, space: Space, counting: Counting) {
  const inside = world.lists().filter((list) => list.folderId === folder.id && !list.archived)
  const lists = inside.map((list) => ({
    ...renderList(world, list, folder, space, counting),
    statuses: world.statusesOf(list).map(plainStatus),
  }))
  return {
    id: folder.id,
    name: folder.name,
    orderindex: folder.orderindex,
    override_statuses: folder.statuses !== null,
    hidden: folder.hidden,
    space: spaceRef(space),
    task_count: String(inside.reduce((sum, list) => sum + taskCount(world, list.id, counting), 0)),
    archived: folder.archived,
    statuses: (folder.statuses ?? []).map(plainStatus),
    lists,
    permission_level: 'create',
  }
}
