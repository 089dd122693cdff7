import type { Actor } from './mutation.ts'
import type { Tools } from './tools.ts'

/** What ties tasks to one another. ClickUp has no event for any of it. */
export function relationMutations(tools: Tools) {
  function addDependency(actor: Actor, taskId: string, dependsOn: string): void {
    const { task } = tools.living(taskId)
    const other = tools.living(dependsOn).task
    if (task.dependencies.some((each) => each.dependsOn === other.id)) return
    const date = tools.now()
    tools.revise(
      task,
      { dependencies: [...task.dependencies, { dependsOn: other.id, date, userId: actor.userId }] },
      date,
    )
    tools.tell(
      'addDependency',
      actor,
      date,
      [],
      [{ resource: { kind: 'task', id: task.id }, field: 'dependencies', before: null, after: other.id }],
    )
  }

  /** A link is seen from both ends. */
  function linkTasks(actor: Actor, taskId: string, linkId: string): void {
    const { task } = tools.living(taskId)
    const other = tools.living(linkId).task
    if (task.links.some((each) => each.linkId === other.id)) return
    const date = tools.now()
    const ends = [
      [task, other],
      [other, task],
    ] as const
    for (const [end, far] of ends) {
      tools.revise(end, { links: [...end.links, { linkId: far.id, date, userId: actor.userId }] }, date)
    }
    const silent = ends.map(([end, far]) => ({
      resource: { kind: 'task', id: end.id } as const,
      field: 'linked_tasks',
      before: null,
      after: far.id,
    }))
    tools.tell('linkTasks', actor, date, [], silent)
  }

  return { addDependency, linkTasks }
}
