import type { SubscribeOptions } from './subscribe-options.ts'

type Asked = Pick<SubscribeOptions, 'field' | 'type' | 'from' | 'to' | 'customField' | 'list' | 'folder' | 'space'>

/** The longest name of ours; a rule's has the stage in it, too. */
const MAX_NAME = 31

/** A name from what is wanted: `status-to-done-roadmap`. */
export function nameFor(asked: Asked): string {
  const words = [
    ...(asked.customField === undefined ? [...asked.field, ...asked.type] : [asked.customField]),
    ...(asked.from === undefined ? [] : ['from', asked.from]),
    ...(asked.to === undefined ? [] : ['to', asked.to]),
    ...[...asked.list, ...asked.folder, ...asked.space],
  ]
  const slug = words
    .join('-')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, MAX_NAME)
    .replace(/-+$/, '')
  return slug === '' ? 'changes' : slug
}

/** What is wanted, for people: `changes status to done in Roadmap`. */
export function told({ field, type, from, to, customField, list, folder, space }: Asked): string {
  const places = [...list, ...folder, ...space]
  const what = customField ?? ([...field, ...type].join(' or ') || 'anything')
  return [
    `changes ${what}`,
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(places.length === 0 ? [] : [`in ${places.join(' or ')}`]),
  ]
    .join(' ')
    .replace(/\s+/g, ' ')
}
