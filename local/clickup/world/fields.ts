import type { Located } from './context.ts'
import { rawFieldValue } from './field-values.ts'
import type { Actor } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Field, FieldValue, List, Task } from './types.ts'

/** `type_config` as the API shows it. Labels call an option's name `label`, dropdowns `name`. */
export function typeConfig(field: Field): Record<string, unknown> {
  const options = field.options.map(({ id, name, color }, orderindex) => ({ id, name, color, orderindex }))
  if (field.type === 'drop_down') return { sorting: 'manual', new_drop_down: true, ...field.config, options }
  if (field.type !== 'labels') return { ...field.config }
  return { sorting: 'manual', ...field.config, options: options.map(({ name, ...rest }) => ({ ...rest, label: name })) }
}

export function fieldMutations(tools: Tools) {
  const { store } = tools

  /** The fields that a task in this list has: those of the list, its folder, its space and the workspace. */
  function fieldsOf(list: List): Field[] {
    const { spaceId } = tools.folder(list.folderId)
    const ids = { team: store.workspace.id, space: spaceId, folder: list.folderId, list: list.id }
    return [...store.fields.values()].filter(({ place }) => ids[place.kind] === place.id)
  }

  /** Defines a custom field. There is no event for it, and no way to do it by the documented API. */
  function createField(
    actor: Actor,
    input: Pick<Field, 'name' | 'type' | 'place'> & { config?: Field['config']; options?: readonly string[] },
  ): Field {
    const random = tools.random.fork(`field ${input.name} ${input.place.id}`)
    const field: Field = {
      id: tools.ids.uuid(),
      name: input.name,
      type: input.type,
      config: input.config ?? {},
      options: (input.options ?? []).map((name) => ({
        id: tools.ids.uuid(),
        name,
        color: `#${random.text('0123456789abcdef', 6)}`,
      })),
      createdAt: tools.now(),
      creatorId: actor.userId,
      required: false,
      place: input.place,
    }
    store.fields.set(field.id, field)
    tools.tell('createField', actor, field.createdAt, [])
    return field
  }

  /** The field as a history item describes it, in more words than the API does. */
  const described = (field: Field) => {
    const config = typeConfig(field)
    const options = field.options.map(({ id, name, color }, orderindex) => ({
      id,
      name,
      value: name,
      type: 'text',
      color,
      orderindex,
    }))
    return {
      id: field.id,
      name: field.name,
      type: field.type,
      type_config: field.type === 'drop_down' ? { default: 0, placeholder: null, ...config, options } : config,
      values_set: null,
      userid: String(field.creatorId),
      date_created: String(field.createdAt),
      hide_from_guests: false,
      team_id: store.workspace.id,
      deleted: false,
      deleted_by: null,
      pinned: true,
      required: field.required,
      required_on_subtasks: false,
      linked_subcategory: null,
    }
  }

  /** Sets or, with undefined, clears a field. @throws Error if the field is not one of the task's list */
  function setField(actor: Actor, taskId: string, fieldId: string, value: FieldValue | undefined): Task {
    const located: Located = tools.living(taskId)
    const { task, list } = located
    const field = fieldsOf(list).find((each) => each.id === fieldId)
    if (field === undefined) throw new Error(`Task ${taskId} has no field ${fieldId}.`)
    const before = rawFieldValue(task.fields.get(fieldId))
    const after = rawFieldValue(value)
    if (before === after) return task
    const date = tools.now()
    const fields = new Map(task.fields)
    if (value === undefined) fields.delete(fieldId)
    else fields.set(fieldId, value)
    const revised = tools.revise(task, { fields }, date)
    const change = tools.item(actor, date, 'custom_field', list.id, { before, after, custom_field: described(field) })
    tools.tell('setField', actor, date, tools.twins(located, null, change))
    return revised
  }

  /**
   * Gives a field another name or other options, by their names: an option that stays keeps its id, so that only a schema
   * that somebody remembers is wrong now. Values whose option is gone show none. No event tells of it.
   * @throws Error for an unknown field
   */
  function changeField(actor: Actor, fieldId: string, changes: { name?: string; options?: readonly string[] }): Field {
    const before = store.fields.get(fieldId)
    if (before === undefined) throw new Error(`There is no field ${fieldId}.`)
    const options = changes.options?.map((name) => {
      const known = before.options.find((option) => option.name === name)
      return known ?? { id: tools.ids.uuid(), name, color: '#87909e' }
    })
    const after = { ...before, name: changes.name ?? before.name, options: options ?? before.options }
    store.fields.set(fieldId, after)
    tools.tell('changeField', actor, tools.now(), [])
    return after
  }

  /** Takes a field away, from every task too. No event tells of it. */
  function deleteField(actor: Actor, fieldId: string): void {
    store.fields.delete(fieldId)
    tools.tell('deleteField', actor, tools.now(), [])
  }

  return { createField, changeField, deleteField, setField, fieldsOf }
}
