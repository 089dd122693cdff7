import { type Base, bases } from './bases.ts'
import { pathsOf, pathText, withAt } from './json.ts'
import { renamed } from './rename.ts'
import { type Hostile, messageOf, textsOf } from './trial.ts'
import { HOSTILE } from './values.ts'

/** Made when it is tried: there are tens of thousands. The suffix makes it a delivery of something else. */
export type Case = { readonly name: string; readonly make: (suffix: string) => Hostile }

/** Every field of every body at every depth, with everything in its place. */
export function bodyCases(): Case[] {
  return bases().flatMap((base) =>
    pathsOf(base.delivery).flatMap((path) =>
      Object.entries(HOSTILE).map(([what, value]): Case => {
        const name = `body: ${base.name}: ${pathText(path)} is ${what}`
        return {
          name,
          make: (suffix) => {
            const its = renamed(base, suffix)
            return { name, message: messageOf(withAt(its.delivery, path, value)), answers: textsOf(its.answers) }
          },
        }
      }),
    ),
  )
}

/** The path of the answer by which the delivery is expanded, if it is. */
export function askedOf({ delivery, answers }: Base): string | undefined {
  const ids = Object.entries(delivery).filter(([key]) => /^(task|list|folder|space|goal)_id$/.test(key))
  return Object.keys(answers).find((path) => ids.some(([key, id]) => path === `/${key.slice(0, -3)}/${id}`))
}

/** Every field of every answer, likewise. */
export function answerCases(): Case[] {
  const seen = new Set<string>()
  return bases().flatMap((base) => {
    const asked = askedOf(base)
    if (asked === undefined) return []
    return pathsOf(base.answers[asked]).flatMap((path) => {
      // The same answer comes with many deliveries: each of its fields once is enough.
      const key = `${asked.split('/')[1]} ${pathText(path)}`
      if (seen.has(key)) return []
      seen.add(key)
      // Without its only field it says nothing at all, which is an outage: `said:` has that, alone.
      const isLast = path.length === 1 && withAt(base.answers[asked], path, undefined) === '{}'
      const hostile = Object.entries(HOSTILE).filter(([, value]) => !isLast || value !== undefined)
      return hostile.map(([what, value]): Case => {
        const name = `answer: ${base.name}: ${pathText(path)} is ${what}`
        return {
          name,
          make: (suffix) => {
            const its = renamed(base, suffix)
            const renamedPath = askedOf(its) ?? asked
            const answers = { ...textsOf(its.answers), [renamedPath]: withAt(its.answers[renamedPath], path, value) }
            return { name, message: messageOf(JSON.stringify(its.delivery)), answers }
          },
        }
      })
    })
  })
}
