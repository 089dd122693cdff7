import { addList, dropList } from './lists.ts'
import type { Actor } from './mutation.ts'
import { DEFAULT_STATUSES, type StatusDefinition, statusSet } from './statuses.ts'
import type { Tools } from './tools.ts'
import type { Space } from './types.ts'

export type SpaceInput = {
  name: string
  color?: string | undefined
  statuses?: readonly StatusDefinition[] | undefined
  customIdPrefix?: string | undefined
}

type SpaceChanges = Partial<Pick<Space, 'name' | 'color' | 'private' | 'memberIds' | 'archived'>>

export function spaceMutations(tools: Tools) {
  const { store } = tools

  /** A space is born with a first list in it. */
  function createSpace(actor: Actor, input: SpaceInput): Space {
    const date = tools.now()
    const id = tools.ids.place()
    const space: Space = {
      id,
      name: input.name,
      color: input.color ?? '#7b68ee',
      private: false,
      memberIds: [actor.userId],
      archived: false,
      statuses: statusSet(tools.ids, id, input.statuses ?? DEFAULT_STATUSES),
      customIdPrefix: input.customIdPrefix ?? null,
    }
    store.spaces.set(id, space)
    const { emission } = addList(tools, { name: 'List', parent: { kind: 'space', id } })
    const meaning = { was: null, is: { name: space.name } }
    tools.tell('createSpace', actor, date, [
      tools.hint('spaceCreated', 'space', id, { spaceId: id }, meaning),
      emission,
      tools.hint('spaceUpdated', 'space', id, { spaceId: id }),
    ])
    return space
  }

  function updateSpace(actor: Actor, spaceId: string, changes: SpaceChanges): Space {
    const before = tools.space(spaceId)
    const after = { ...before, ...changes }
    store.spaces.set(spaceId, after)
    tools.tell('updateSpace', actor, tools.now(), [
      tools.hint(
        'spaceUpdated',
        'space',
        spaceId,
        { spaceId },
        { was: { name: before.name }, is: { name: after.name } },
      ),
    ])
    return after
  }

  const renameSpace = (actor: Actor, spaceId: string, name: string): Space => updateSpace(actor, spaceId, { name })

  /** Makes the space private to these people: to everybody else its tasks are out of sight. */
  const makePrivate = (actor: Actor, spaceId: string, memberIds: readonly number[]): Space =>
    updateSpace(actor, spaceId, { private: true, memberIds })

  const makePublic = (actor: Actor, spaceId: string): Space => updateSpace(actor, spaceId, { private: false })

  /** Its lists go with it, each with a `listDeleted`; of its folders nothing is told. */
  function deleteSpace(actor: Actor, spaceId: string): void {
    const space = tools.space(spaceId)
    const date = tools.now()
    const dropped = [...store.lists.values()]
      .filter((list) => tools.folder(list.folderId).spaceId === spaceId)
      .map((list) => dropList(tools, list, date))
    for (const folder of [...store.folders.values()]) if (folder.spaceId === spaceId) store.folders.delete(folder.id)
    const meaning = { was: { name: space.name }, is: null }
    const emissions = [
      tools.hint('spaceDeleted', 'space', spaceId, { spaceId }, meaning),
      ...dropped.map(({ emission }) => emission),
    ]
    store.spaces.delete(spaceId)
    tools.tell(
      'deleteSpace',
      actor,
      date,
      emissions,
      dropped.flatMap(({ silent }) => silent),
    )
  }

  return { createSpace, updateSpace, renameSpace, makePrivate, makePublic, deleteSpace }
}
