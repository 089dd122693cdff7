import type { Material } from '../material.ts'
import { oneLine } from './harmless.ts'
import { printFact } from './print.ts'
import { meaningOf, type WordList } from './word-list.ts'

/** Longer names are compared by their beginning. */
const MOST = 120

/**
 * Finds names of tasks and people that stand in a text in plain words. They belong there as refs alone: what is kept must hold
 * no name. A name of a single ordinary word (a task called "Update") or of nothing but a number names nothing; nor does that of a
 * task that is made of ordinary words alone, or is called as a status: else one task called "In progress" would cost all statements
 * of what is in progress.
 */
export function plainNames(material: Material, words: WordList): (text: string) => boolean {
  const { tasks, people, facts } = material
  const values = new Set(facts.flatMap((fact) => printFact(fact, material).values.map((value) => value.toLowerCase())))
  const isOrdinary = (name: string): boolean =>
    /^\p{L}$/u.test(name) || /^\d{1,4}$/.test(name) || (/^\S+$/.test(name) && meaningOf(words, name).kind !== 'unknown')
  const saysNothing = (name: string): boolean => values.has(name) || name.split(' ').every(isOrdinary)
  const comparable = ({ name }: { name: string }) => oneLine(name, MOST).replace(/…$/, '').toLowerCase()
  const names = [
    ...[...tasks.values()].map(comparable).filter((name) => !saysNothing(name)),
    ...[...people.values()].map(comparable).filter((name) => !isOrdinary(name)),
  ].filter((name) => /[\p{L}\p{N}]/u.test(name))
  return (text) => {
    const lower = text.toLowerCase()
    return names.some((name) => standsIn(lower, name))
  }
}

/** As whole words: somebody called Al is not in "finally". */
function standsIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text.slice(Math.max(0, at - 2), at), text.slice(at + name.length, at + name.length + 2)]
    if (!/[\p{L}\p{N}{]$/u.test(before) && !/^[\p{L}\p{M}\p{N}}]/u.test(after)) return true
  }
  return false
}
