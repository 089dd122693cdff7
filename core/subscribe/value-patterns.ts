/** What one place of an event may be: the values and filters of EventBridge, any of which has to hold. */
export type Leaf = readonly (string | number | boolean | null | Readonly<Record<string, unknown>>)[]
/** An event pattern, or a part of one: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html */
export type Pattern = { readonly [key: string]: Leaf | Pattern | readonly Pattern[] }

/** `--to none`: there is nothing on that side. */
const NONE = 'none'
/** `--to any`: there is something. Only a priority has a member that tells. */
const ANY = 'any'
/** `--to type:done`: by ClickUp's type of a status, whatever it is called. */
const TYPE = /^type:(open|custom|done|closed)$/

/** Names are typed by people, and ClickUp shows a status in capitals that is stored in small letters. */
const inAnyCase = (text: string): Leaf => [{ 'equals-ignore-case': text }]

/**
 * What `before` or `after` of a field looks like when it is what an operator has typed; several where its form cannot be
 * known. A status that ClickUp counts as done is of type `done` or `closed`.
 */
export function valuePatterns(field: string, text: string): (Leaf | Pattern)[] {
  if (field === 'status') {
    const [, type] = TYPE.exec(text) ?? []
    if (type === undefined) return [{ name: inAnyCase(text) }]
    return [{ type: type === 'done' ? ['done', 'closed'] : [type] }]
  }
  if (text === NONE) return [[null]]
  switch (field) {
    case 'priority':
      return [text === ANY ? { id: [{ exists: true }] } : { name: inAnyCase(text) }]
    case 'assignee_add':
    case 'assignee_rem':
    case 'watcher_add':
    case 'watcher_rem':
      return [/^\d+$/.test(text) ? { id: [text] } : { name: inAnyCase(text) }]
    case 'section_moved':
      return [{ list: { id: [text] } }]
    case 'list':
      return [[text]]
    case 'due_date':
    case 'start_date':
    case 'points':
    case 'time_estimate':
      return [[Number(text)]]
    case 'custom_field':
      return customFieldPatterns(text)
    default:
      return [inAnyCase(text)]
  }
}

/**
 * Why EventBridge could not match this, as one sentence; null when it can. Whether a number is there at all it cannot tell: its
 * numeric filters end at 5e9, and times are greater.
 */
export function valueProblem(field: string, text: string): string | null {
  const word = text.trim().toLowerCase()
  if (field === 'status' && word.startsWith('type:') && !TYPE.test(word))
    return `There is no status ${text}: the types are type:open, type:custom, type:done and type:closed.`
  if (!NUMBERS.has(field) || text === NONE || isNumber(text)) return null
  return `The value of ${field} must be none or a number${TIMES.has(field) ? ', a time in milliseconds since 1970' : ''}.`
}

const TIMES = new Set(['due_date', 'start_date'])
const NUMBERS = new Set([...TIMES, 'points', 'time_estimate'])

const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text))

/** An option or a person has a name, a label several; a number and a tick are none of both. */
function customFieldPatterns(text: string): (Leaf | Pattern)[] {
  const plain = [
    ...inAnyCase(text),
    ...(isNumber(text) ? [Number(text)] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
  ]
  return [{ name: inAnyCase(text) }, plain]
}
