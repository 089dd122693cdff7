import type { Material } from '../material.ts'
import type { Removal } from '../statement.ts'
import { type Cited, refsIn } from './cited.ts'
import type { Token } from './token.ts'

/**
 * Tasks and persons in a statement have to be those of what it cites. Where it names a person, all that was done in it was done by
 * that person; where it names several, each has to do with each task in it. So nobody is told to have done what another did.
 */
export function refFault(
  tokens: readonly Token[],
  { facts, texts }: Cited,
  { tasks, people }: Pick<Material, 'tasks' | 'people'>,
): Removal | null {
  const refs = refsIn(tokens)
  const isTask = (ref: string) => ref.startsWith('t')
  if (!refs.every((ref) => (isTask(ref) ? tasks.has(ref) : people.has(ref)))) return 'unknownRef'
  const about = new Set(facts.flatMap(({ printed }) => [...printed.tasks, printed.actor ?? 'nobody']))
  if (!refs.every((ref) => about.has(ref) || texts.some((text) => text.refs.has(ref)))) return 'uncitedRef'

  const persons = refs.filter((ref) => !isTask(ref))
  const [person, ...others] = persons
  if (person === undefined) return null
  if (others.length === 0) return facts.every(({ printed }) => printed.actor === person) ? null : 'uncitedRef'
  const hasTo = (ref: string, task: string) =>
    facts.some(({ printed }) => printed.actor === ref && printed.tasks.includes(task)) ||
    texts.some((text) => text.refs.has(ref) && text.refs.has(task))
  return persons.every((ref) => refs.filter(isTask).every((task) => hasTo(ref, task))) ? null : 'uncitedRef'
}
