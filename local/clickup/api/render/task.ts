import type { Located } from '../../world/context.ts'
import { priorityValue } from '../../world/task-planning.ts'
import type { Task, User } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { renderTaskFields } from './fields.ts'
import { creatorOf, personIn } from './people.ts'
import { folderRef } from './places.ts'

const SHARING = {
  public: false,
  public_share_expires_on: null,
  public_fields: [
    'assignees',
    'priority',
    'due_date',
    'content',
    'comments',
    'attachments',
    'customFields',
    'subtasks',
    'tags',
    'checklists',
    'coverimage',
  ],
  token: null,
  seo_optimized: false,
} as const

const text = (value: number | null) => (value === null ? null : String(value))

function topLevelParent(world: World, task: Task): string | null {
  let top = task.parentId
  for (let depth = 0; top !== null && depth < 10; depth++) {
    const above: string | null = world.store.tasks.get(top)?.parentId ?? null
    if (above === null) return top
    top = above
  }
  return top
}

/** The part that every answer has. `archived` is passed in: a switch may say so of a task that is not. */
function renderCommon(world: World, located: Located, archived: boolean) {
  const { task, list, folder, space } = located
  const people = (ids: readonly number[]): User[] => ids.flatMap((id) => world.store.users.get(id) ?? [])
  const [creator] = people([task.creatorId])
  const { status } = task
  const place = folderRef(folder)
  return {
    id: task.id,
    custom_id: task.customId,
    custom_item_id: task.customItemId,
    name: task.name,
    text_content: task.text,
    description: task.text,
    status: {
      id: status.id,
      status: status.status,
      color: status.color,
      orderindex: status.orderindex,
      type: status.type,
    },
    orderindex: `${task.orderindex}.00000000000000000000000000000000`,
    date_created: String(task.createdAt),
    date_updated: String(task.updatedAt),
    date_closed: text(task.closedAt),
    date_done: text(task.doneAt),
    archived,
    creator: creator === undefined ? null : creatorOf(creator),
    assignees: people(task.assigneeIds).map(personIn),
    group_assignees: [],
    watchers: people(task.watcherIds).map(personIn),
    tags: task.tags,
    parent: task.parentId,
    top_level_parent: topLevelParent(world, task),
    priority: priorityValue(task.priority),
    due_date: text(task.dueDate),
    start_date: text(task.startDate),
    points: task.points,
    time_estimate: text(task.timeEstimate),
    custom_fields: renderTaskFields(world, world.fieldsOf(list), task),
    dependencies: task.dependencies.map(({ dependsOn, date, userId }) => ({
      task_id: task.id,
      depends_on: dependsOn,
      type: 1,
      date_created: String(date),
      userid: String(userId),
      workspace_id: world.workspace.id,
      chain_id: null,
    })),
    linked_tasks: task.links.map(({ linkId, date, userId }) => ({
      task_id: task.id,
      link_id: linkId,
      date_created: String(date),
      userid: String(userId),
      workspace_id: world.workspace.id,
    })),
    locations: task.otherListIds.flatMap((id) => {
      const other = world.store.lists.get(id)
      return other === undefined ? [] : [{ id, name: other.name }]
    }),
    team_id: world.workspace.id,
    url: `https://app.clickup.com/t/${task.id}`,
    sharing: SHARING,
    permission_level: 'create',
    list: { id: list.id, name: list.name, access: true },
    project: place,
    folder: place,
    space: { id: space.id },
  }
}

/** A task in a list: no `attachments` and no `checklists`, and `time_spent` only where there is some. */
export const renderTaskInList = (world: World, located: Located, archived: boolean) => ({
  ...renderCommon(world, located, archived),
  ...(located.task.timeSpent === null ? {} : { time_spent: located.task.timeSpent }),
})

/** A task on its own. */
export const renderSingleTask = (world: World, located: Located, archived: boolean) => ({
  ...renderCommon(world, located, archived),
  time_spent: located.task.timeSpent ?? 0,
  checklists: [],
  attachments: [],
})
