import type { Actor } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Tag, Task } from './types.ts'

const COLOURS = ['#FF4081', '#7C4DFF', '#2ecd6f', '#04A9F4', '#f9ae27', '#800000', '#1bbc9c', '#3397dd'] as const

/** A tag of a space, made on first use. ClickUp keeps tag names in lower case. */
export function tagIn(tools: Tools, spaceId: string, name: string, userId: number): Tag {
  const known = tools.store.tagsBySpace.get(spaceId) ?? new Map<string, Tag>()
  tools.store.tagsBySpace.set(spaceId, known)
  const key = name.toLowerCase()
  const tag = known.get(key)
  if (tag !== undefined) return tag
  const colour = tools.random.fork(`tag ${key}`).pick(COLOURS)
  const created: Tag = { name: key, tag_fg: colour, tag_bg: colour, creator: userId }
  known.set(key, created)
  return created
}

export function tagMutations(tools: Tools) {
  function addTag(actor: Actor, taskId: string, name: string): Task {
    const located = tools.living(taskId)
    const { task, list, space } = located
    const tag = tagIn(tools, space.id, name, actor.userId)
    if (task.tags.some((each) => each.name === tag.name)) return task
    const date = tools.now()
    const revised = tools.revise(task, { tags: [...task.tags, tag] }, date)
    const change = tools.item(actor, date, 'tag', list.id, { before: null, after: [tag] })
    tools.tell('addTag', actor, date, tools.twins(located, 'taskTagUpdated', change))
    return revised
  }

  /** How a removal looks is not documented; it mirrors the addition. */
  function removeTag(actor: Actor, taskId: string, name: string): Task {
    const located = tools.living(taskId)
    const { task, list } = located
    const tag = task.tags.find((each) => each.name === name.toLowerCase())
    if (tag === undefined) return task
    const date = tools.now()
    const revised = tools.revise(task, { tags: task.tags.filter((each) => each !== tag) }, date)
    const change = tools.item(actor, date, 'tag', list.id, { before: [tag], after: null })
    tools.tell('removeTag', actor, date, tools.twins(located, 'taskTagUpdated', change))
    return revised
  }

  return { addTag, removeTag }
}
