import type { TruthChange } from '../clickup/truth.ts'

/** Which fields a change that ClickUp tells is about, by the keys of `factsOf` in core/tasks/known.ts. */
export function keysOf({ field, before, after, customField }: TruthChange): string[] {
  switch (field) {
    case 'assignee_add':
    case 'assignee_rem':
      return [before, after].flatMap(idOf).map((id) => `assignee#${id}`)
    case 'tag':
    case 'tag_removed':
      return [before, after].flatMap(namesOf).map((name) => `tag#${name}`)
    case 'section_moved':
      return ['list']
    case 'custom_field':
      return customField === null ? [] : [`custom_field#${customField.id}`]
    case null:
      return []
    default:
      return [field]
  }
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

export function idOf(value: unknown): string[] {
  const id = memberOf(value, 'id')
  return typeof id === 'string' || typeof id === 'number' ? [String(id)] : []
}

const namesOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((each) => {
        const name = typeof each === 'string' ? each : memberOf(each, 'name')
        return typeof name === 'string' ? [name] : []
      })
    : []
