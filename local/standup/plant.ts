import { TAGS } from '../clickup/demo/words.ts'
import { createCrowd } from '../clickup/people/crowd.ts'
import { type ActName, USUAL_MIX } from '../clickup/people/mix.ts'
import { placeActs } from '../clickup/people/place-acts.ts'
import { taskActs } from '../clickup/people/task-acts.ts'
import type { Random } from '../clickup/random.ts'
import { inApp } from '../clickup/world/mutation.ts'
import type { World } from '../clickup/world/world.ts'
import { RECIPE } from './config.ts'
import type { Prepared } from './prepared.ts'
import type { TruthKind } from './task-truth.ts'

const HOUR = 3_600_000

/** One thing that a text has to tell. */
export type Planted = {
  kind: TruthKind
  taskId: string
  /** A summary may leave the rest out where a model says something else instead. */
  must: boolean
  /** A name of somebody that has to stand beside it. */
  person?: string
}

/** Places stay as they are, and so does what hangs on a deletion: how it ends depends on who looks when. */
const MIX: Record<ActName, number> = {
  ...USUAL_MIX,
  ...{ list: 0, folder: 0, space: 0, goal: 0, keyResult: 0, restoreTask: 0, deleteTask: 0, archive: 0 },
  ...{ move: 0, otherList: 0, editTime: 0, deleteTime: 0 },
}

/** Acts of people who know nothing of what is planted, and leave it alone. */
export function ordinaryWork(world: World, random: Random, { reserved }: Pick<Prepared, 'reserved'>): () => void {
  const crowd = createCrowd(world, random)
  const careful = {
    ...crowd,
    onTask: (act: Parameters<typeof crowd.onTask>[0]) =>
      crowd.onTask((task) => {
        if (!reserved.has(task.id)) act(task)
      }),
  }
  const acts = { ...taskActs(world, random, careful), ...placeActs(world, random, careful) }
  return () => {
    const before = world.revision()
    for (let draw = 0; draw < 50 && world.revision() === before; draw += 1) acts[random.weighted(MIX)]()
  }
}

/** What is planted in the day: each act, and together what a text has to tell of them. */
export function plantsOf(world: World, random: Random, { ids, list, people }: Prepared) {
  const planted: Planted[] = []
  const someone = () => inApp(random.pick(people).id)
  const nameOf = (userId: number) => people.find(({ id }) => id === userId)?.username ?? ''
  const tell = (kind: TruthKind, taskId: string, must = true, person?: string) =>
    planted.push({ kind, taskId, must, ...(person === undefined ? {} : { person }) })

  const acts: (() => void)[] = [
    () => {
      world.setStatus(someone(), ids.blocked, 'blocked')
      tell('blocked', ids.blocked)
    },
    () => {
      world.addTag(someone(), ids.tagged, 'blocked')
      tell('blocked', ids.tagged)
    },
    () => {
      world.addTag(someone(), ids.hostile, 'blocked')
      tell('blocked', ids.hostile)
    },
    // Nothing happens to it any more: that is what is to be told.
    () => tell('stuck', ids.stuck),
    () => {
      world.setStatus(someone(), ids.done, 'done')
      tell('done', ids.done)
    },
    () => {
      world.setStatus(someone(), ids.closed, 'closed')
      tell('done', ids.closed)
    },
    () => {
      world.setStatus(someone(), ids.reopened, 'in progress')
      tell('reopened', ids.reopened)
    },
    () => {
      world.setPriority(someone(), ids.urgent, 1)
      tell('priority', ids.urgent)
    },
    () => {
      world.setPriority(someone(), ids.calmed, 4)
      tell('priority', ids.calmed)
    },
    () => {
      const name = `Pay out in ${random.pick(['krona', 'zloty', 'forint'])}, part ${random.int(2, 9)}`
      const task = world.createTask(someone(), { listId: list.id, name, tags: [random.pick(TAGS)] })
      tell('created', task.id, false)
    },
    () => {
      const actor = someone()
      const end = world.now() - HOUR
      world.trackTime(actor, { taskId: ids.closed, start: end - random.int(3, 8) * 900_000, end })
      tell('time', ids.closed, false, nameOf(actor.userId))
    },
    () => {
      world.setStatus(someone(), ids.moved, 'in progress')
      tell('moved', ids.moved, false)
    },
    () => {
      world.setStatus(someone(), ids.reviewed, RECIPE.status)
      tell('moved', ids.reviewed, false)
    },
    () => {
      world.deleteTask(someone(), ids.deleted)
      tell('deleted', ids.deleted, false)
    },
    // There and back again: nothing of it is news.
    () => {
      world.setStatus(someone(), ids.wavered, 'backlog')
      world.setPriority(someone(), ids.wavered, 1)
    },
  ]
  const after = () => {
    world.setStatus(someone(), ids.wavered, 'in progress')
    world.setPriority(someone(), ids.wavered, 3)
  }
  return { acts: [...random.shuffle(acts), after], planted }
}
