import { parseJson } from '../platform/json.ts'
import type { TextRules } from './person-texts.ts'
import { FORGOTTEN } from './subject.ts'
import { DROP, KEEP, type Place, type Rules, rewritten, type Verdict } from './walk.ts'

/** Other things have ids, too, and an old space may have that of a user. */
const NO_PEOPLE = new Set([
  'space',
  'folder',
  'list',
  'locations',
  'groups',
  'priority',
  'customField',
  'resource',
  'lists',
])
/** Members that are the id of a user, in our words and in ClickUp's. */
const USER_KEYS = new Set(['userId', 'userid', 'user_id', 'userIds', 'refused'])
/** Ids, keys and names of statuses and places are what others are found by: no text in them is a person's. */
const NO_TEXT = new Set(['id', 'pk', 'sk', 'entryId', 'taskId', 'order', 'revision', 'digest', 'toldBy'])

const PERSONAL = ['name', 'username', 'email'] as const

/** Whether an object is the person of this id: more than an id has to be known of it. */
export const isPerson = (value: Readonly<Record<string, unknown>>, id: string, key: string | null): boolean =>
  String(value['id'] ?? '') === id && PERSONAL.some((each) => each in value) && !(key !== null && NO_PEOPLE.has(key))

/**
 * Takes a person out of a value: out of lists altogether, elsewhere somebody who is forgotten stands in the place. In texts
 * only where they are a record of ours: what mirrors ClickUp can only be changed there, else the next look would tell of the
 * difference as of a change.
 */
export function personRules(id: string, texts: TextRules, options: { inTexts: boolean }): Rules {
  const isId = (value: unknown) => String(value) === id
  const text = (value: string): Verdict => {
    if (!options.inTexts) return KEEP
    const by = replacedIn(value)
    return by === value ? KEEP : { kind: 'replace', by }
  }
  /** ClickUp's rich texts are JSON in a text. */
  function replacedIn(value: string): string {
    if (/^\s*[{[]/.test(value)) {
      const parsed = parseJson(value)
      if (parsed !== null && typeof parsed === 'object') {
        const after = rewritten(parsed, rules)
        return after === parsed ? value : JSON.stringify(after)
      }
    }
    return texts.replaced(value)
  }
  const rules: Rules = {
    object: (value, { key, inList }) =>
      isPerson(value, id, key) ? (inList ? DROP : { kind: 'replace', by: FORGOTTEN }) : KEEP,
    scalar(value, { key }: Place) {
      if (key !== null && USER_KEYS.has(key) && isId(value)) return DROP
      return typeof value === 'string' && !(key !== null && NO_TEXT.has(key)) ? text(value) : KEEP
    },
    dropsKey: (key) => key === `assignee#${id}` || key === `watcher#${id}`,
  }
  return rules
}
