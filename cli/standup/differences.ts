import type { Fact, Material } from '../../core/standup/material.ts'
import { plain } from '../output/text.ts'

/** A fact that some versions tell and others leave out. */
export type Difference = { fact: string; text: string; changeIds: readonly string[]; in: string[]; notIn: string[] }

/** Facts that not every version tells, in the order of the material. */
export function differencesOf(
  material: Pick<Material, 'facts' | 'tasks' | 'people'>,
  versions: readonly { prompt: string; cites: readonly string[] }[],
): Difference[] {
  const told = versions.map(({ prompt, cites }) => ({ prompt, cites: new Set(cites) }))
  return material.facts.flatMap((fact) => {
    const names = (does: boolean) => told.flatMap(({ prompt, cites }) => (cites.has(fact.id) === does ? [prompt] : []))
    const [yes, no] = [names(true), names(false)]
    if (yes.length === 0 || no.length === 0) return []
    return [{ fact: fact.id, text: factText(fact, material), changeIds: fact.changeIds, in: yes, notIn: no }]
  })
}

/** What it is of, in a few words. */
function factText(fact: Fact, { tasks, people }: Pick<Material, 'tasks' | 'people'>): string {
  const task = fact.task === null ? null : (tasks.get(fact.task)?.name ?? fact.task)
  if (task !== null) return `${fact.kind}: ${plain(task)}`
  const person = 'person' in fact ? (people.get(fact.person)?.name ?? fact.person) : ''
  return `${fact.kind}: ${plain(person)}`
}

/** A line for each. */
export const differenceLines = (differences: readonly Difference[]): string[] =>
  differences.map(({ text, in: yes, notIn }) => `${yes.join(', ')} and not ${notIn.join(', ')}: ${text}`)
