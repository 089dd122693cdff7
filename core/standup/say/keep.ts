import type { Material } from '../material.ts'
import type { KeptStatement } from '../statement.ts'
import type { Spoken } from './complete.ts'
import { printFact } from './print.ts'

/**
 * A statement as it is kept: ids in place of the material's refs, which mean nothing elsewhere, and what it rests on. It holds no
 * name of anybody.
 */
export function keep({ section, text, cites, by }: Spoken, material: Material): KeptStatement {
  const facts = material.facts.filter(({ id }) => cites.includes(id))
  const texts = (material.texts ?? []).filter(({ id }) => cites.includes(id))
  const refs = new Set([
    ...facts.flatMap((fact) => printFact(fact, material).tasks),
    ...texts.flatMap(({ task }) => task ?? []),
    ...refsIn(text),
  ])
  const taskIds = [...refs].flatMap((ref) => material.tasks.get(ref)?.id ?? [])
  return {
    section,
    text: withIds(text, material),
    by,
    changeIds: [...new Set([...facts, ...texts].flatMap(({ changeIds }) => changeIds))],
    taskIds: [...new Set(taskIds)],
  }
}

const REF = /\{([tp]\d+)\}/g

const refsIn = (text: string) => [...text.matchAll(REF)].flatMap(([, ref]) => (ref === undefined ? [] : [ref]))

/** A ref that nobody knows cannot be there any more; it would stay as it is. */
const withIds = (text: string, { tasks, people }: Material): string =>
  ended(text).replace(REF, (whole, ref: string) => {
    const [task, person] = [tasks.get(ref), people.get(ref)]
    return task !== undefined ? `{task:${task.id}}` : person !== undefined ? `{person:${person.id}}` : whole
  })

const ended = (text: string) => (/[.…]$/.test(text) ? text : `${text.replace(/[;,:–—-]+$/, '')}.`)
