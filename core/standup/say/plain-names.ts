import type { Material } from '../material.ts'
import { oneLine } from './harmless.ts'
import { meaningOf, type WordList } from './word-list.ts'

/** Longer names are compared by their beginning. */
const MOST = 120

/**
 * Finds names of tasks and people that stand in a text in plain words. They belong there as refs alone: what is kept must hold
 * no name. A name of a single ordinary word (a task called "Update") or of nothing but a number names nothing.
 */
export function plainNames({ tasks, people }: Material, words: WordList): (text: string) => boolean {
  const isOrdinary = (name: string): boolean =>
    /^\p{L}$/u.test(name) || /^\d{1,4}$/.test(name) || (/^\S+$/.test(name) && meaningOf(words, name).kind !== 'unknown')
  const names = [...tasks.values(), ...people.values()]
    .map(({ name }) => oneLine(name, MOST).replace(/…$/, '').toLowerCase())
    .filter((name) => /[\p{L}\p{N}]/u.test(name) && !isOrdinary(name))
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
