import type { Ids } from '../ids.ts'
import type { Random } from '../random.ts'
import { commentMutations } from './comments.ts'
import type { Context, Habits } from './context.ts'
import { creationMutations } from './create-task.ts'
import { fieldMutations } from './fields.ts'
import { folderMutations } from './folders.ts'
import { goalMutations } from './goals.ts'
import { listMutations } from './lists.ts'
import { moveMutations } from './moves.ts'
import type { Mutation } from './mutation.ts'
import { relationMutations } from './relations.ts'
import { spaceMutations } from './spaces.ts'
import { createStore, type Workspace } from './store.ts'
import { assigneeMutations } from './task-people.ts'
import { planningMutations } from './task-planning.ts'
import { statusMutations } from './task-status.ts'
import { tagMutations } from './task-tags.ts'
import { taskMutations } from './tasks.ts'
import { timeMutations } from './time.ts'
import { createTools } from './tools.ts'
import type { List, Space, Status, Task, User } from './types.ts'
import { userMutations } from './users.ts'

export type World = ReturnType<typeof createWorld>

/** The model of one workspace: what is in it, and everything that can be done to it. */
export function createWorld(options: {
  workspace: Workspace
  ids: Ids
  random: Random
  /** ClickUp's clock. */
  now: () => number
  /** Read at every act, so that they may change while it runs. */
  habits: Habits
  /** Hears of every mutation once it has happened. */
  onMutation: (mutation: Mutation) => void
}) {
  const store = createStore(options.workspace)
  let revision = 0
  let pastTime: number | undefined

  const now = () => pastTime ?? options.now()
  const context: Context = {
    store,
    ids: options.ids,
    random: options.random,
    now,
    habits: options.habits,
    commit: (mutation) => {
      revision += 1
      if (pastTime === undefined) options.onMutation(mutation)
    },
    revision: () => revision,
  }
  const tools = createTools(context)

  return {
    workspace: store.workspace,
    store,
    now,
    revision: context.revision,

    /** Lets something happen at an earlier time, unseen: how a world comes to have a history when it begins. */
    inThePast: <T>(at: number, act: () => T): T => {
      pastTime = at
      try {
        return act()
      } finally {
        pastTime = undefined
      }
    },

    /** A task as it is now, if it is there. */
    task: (id: string): Task | undefined => {
      const task = store.tasks.get(id)
      return task?.deleted === false ? task : undefined
    },
    /** Every task that is there. */
    tasks: (): Task[] =>
      store.tasks.ids().flatMap((id) => {
        const task = store.tasks.get(id)
        return task?.deleted === false ? [task] : []
      }),
    lists: (): List[] => [...store.lists.values()],
    /** Everybody who has not left. */
    users: (): User[] => [...store.users.values()].filter(({ left }) => !left),
    locate: tools.locate,
    statusesOf: (list: List): readonly Status[] => tools.statusesOf(list),
    isMember: (space: Space, userId: number) => tools.isMember(space, userId),

    ...creationMutations(tools),
    ...taskMutations(tools),
    ...statusMutations(tools),
    ...planningMutations(tools),
    ...assigneeMutations(tools),
    ...tagMutations(tools),
    ...fieldMutations(tools),
    ...commentMutations(tools),
    ...timeMutations(tools),
    ...moveMutations(tools),
    ...relationMutations(tools),
    ...listMutations(tools),
    ...folderMutations(tools),
    ...spaceMutations(tools),
    ...goalMutations(tools),
    ...userMutations(tools),
  }
}
