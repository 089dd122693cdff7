import { parseJson } from '../platform/json.ts'
import { isPerson } from './person-rules.ts'
import { KEEP, type Rules, rewritten } from './walk.ts'

/** What a person was called, gathered from whatever is looked at. */
export function createLearner(id: string): {
  look(value: unknown): void
  names: ReadonlySet<string>
  emails: ReadonlySet<string>
} {
  const names = new Set<string>()
  const emails = new Set<string>()
  const add = (to: Set<string>, value: unknown) => {
    if (typeof value === 'string' && value.trim() !== '') to.add(value.trim())
  }
  const rules: Rules = {
    object(value, { key }) {
      if (isPerson(value, id, key)) {
        add(names, value['name'])
        add(names, value['username'])
        add(emails, value['email'])
      }
      // A time entry has its person's name beside the id.
      if (value['userId'] === id) add(names, value['userName'])
      return KEEP
    },
    scalar(value) {
      const parsed = typeof value === 'string' && /^\s*[{[]/.test(value) ? parseJson(value) : undefined
      if (parsed !== null && typeof parsed === 'object') rewritten(parsed, rules)
      return KEEP
    },
    dropsKey: () => false,
  }
  return { look: (value) => void rewritten(value, rules), names, emails }
}
