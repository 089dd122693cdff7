import { ERASED } from './subject.ts'
import { DROP, KEEP, type Rules } from './walk.ts'

const ID_KEYS = ['id', 'taskId', 'dependsOn', 'task_id', 'depends_on', 'link_id'] as const

/** Takes every reference to a task out of a value: parents, links, dependencies, relationships, addresses in texts. */
export function taskRules(id: string): Rules {
  // Ids of tasks are letters and digits; within others it is another one.
  const inText = new RegExp(`(?<![A-Za-z0-9_-])${id.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9_-])`, 'g')
  return {
    object: (value) => (ID_KEYS.some((key) => value[key] === id) ? DROP : KEEP),
    scalar(value) {
      if (value === id) return DROP
      if (typeof value !== 'string') return KEEP
      const by = value.replace(inText, ERASED)
      return by === value ? KEEP : { kind: 'replace', by }
    },
    dropsKey: (key) => key === id || key === `task#${id}`,
  }
}
