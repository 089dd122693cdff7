import { typeConfig } from '../../world/fields.ts'
import type { Field, FieldValue, Task } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { personIn } from './people.ts'

/** The field's definition, as lists give it and as each task repeats it. */
export const renderField = (field: Field) => ({
  id: field.id,
  name: field.name,
  type: field.type,
  type_config: typeConfig(field),
  date_created: String(field.createdAt),
  hide_from_guests: false,
  required: field.required,
})

function renderTaskRef(world: World, taskId: string) {
  const task = world.store.tasks.get(taskId)
  if (task === undefined) return []
  const { id, name, status, deleted } = task
  return [
    {
      id,
      name,
      status: status.status,
      color: status.color,
      custom_type: null,
      team_id: world.workspace.id,
      deleted,
      url: `https://app.clickup.com/t/${id}`,
      access: true,
    },
  ]
}

/** A value as reads show it: a dropdown's is the option's place, not its id; numbers and dates come as strings. */
function renderValue(world: World, field: Field, value: FieldValue): unknown {
  switch (value.kind) {
    case 'text':
      return value.text
    case 'option':
      return field.options.findIndex((option) => option.id === value.optionId)
    case 'labels':
      return value.optionIds.filter((id) => field.options.some((option) => option.id === id))
    case 'date':
      return String(value.at)
    case 'number':
      return field.type === 'emoji' ? value.value : String(value.value)
    case 'checkbox':
      return String(value.checked)
    case 'users':
      return value.userIds.flatMap((id) => {
        const user = world.store.users.get(id)
        return user === undefined ? [] : [personIn(user)]
      })
    case 'tasks':
      return value.taskIds.flatMap((id) => renderTaskRef(world, id))
    case 'progress':
      return { current: String(value.current), percent_completed: value.current }
    case 'location':
      return { location: { lat: value.lat, lng: value.lng }, formatted_address: value.address }
  }
}

/** The option that was chosen is not one of the field's any more. */
const isStale = (field: Field, value: FieldValue): boolean =>
  value.kind === 'option' && !field.options.some(({ id }) => id === value.optionId)

function automaticProgress(world: World, task: Task) {
  const subtasks = world.store.tasks.subtaskIds(task.id).flatMap((id) => world.task(id) ?? [])
  const ended = subtasks.filter((subtask) => subtask.doneAt !== null)
  return { percent_complete: subtasks.length === 0 ? 0 : Math.round((100 * ended.length) / subtasks.length) }
}

/** A task's fields. One without a value has no `value` key at all. */
export const renderTaskFields = (world: World, fields: readonly Field[], task: Task) =>
  fields.map((field) => {
    const shown = renderField(field)
    if (field.type === 'automatic_progress') return { ...shown, value: automaticProgress(world, task) }
    const value = task.fields.get(field.id)
    return value === undefined || isStale(field, value) ? shown : { ...shown, value: renderValue(world, field, value) }
  })
