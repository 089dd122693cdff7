import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { compilePolicy } from './policy.ts'
import type { Judged, Principal } from './principals.ts'

/** Names a directory in which every gateway writes down what functions were given, used and were refused. */
export const USAGE_DIRECTORY = 'HOOKLINE_USAGE_DIRECTORY'

/** One line of such a file. `resource` is the pattern of the statement, for what was refused the ARN that was asked for. */
export const usageLineSchema = z.object({
  what: z.enum(['granted', 'used', 'refused']),
  name: z.string(),
  action: z.string(),
  resource: z.string(),
})
export type UsageLine = z.infer<typeof usageLineSchema>

/** The functions of this project; what other principals may do proves nothing. */
const OURS = /^hookline-/

/** Of this process, in all of its gateways: what has been written once is not written again. */
const written = new Set<string>()

/** Each allowed pair of an action and a resource, as the statements write them. */
function pairsOf({ statements }: Pick<Principal, 'statements'>): { action: string; resource: string }[] {
  if (statements === 'all') return []
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
    )
}

const isWatched = ({ name, statements }: Principal) => statements !== 'all' && OURS.test(name)

/** Null where nobody has asked for it. What was taken from a principal on purpose is not noted, nor is what it is refused then. */
export function usageRecorder() {
  const directory = process.env[USAGE_DIRECTORY]
  if (directory === undefined) return null
  const file = join(directory, `${process.pid}.ndjson`)

  const expected = new Set<string>()

  // At once, because a process may be killed at any time.
  function write(lines: readonly UsageLine[]): void {
    const texts = lines.map((line) => JSON.stringify(line)).filter((text) => !written.has(text))
    if (texts.length === 0) return
    for (const text of texts) written.add(text)
    appendFileSync(file, `${texts.join('\n')}\n`)
  }

  const matchers = new WeakMap<Principal, (action: string, resource: string) => UsageLine[]>()
  function matcherOf(principal: Principal) {
    const known = matchers.get(principal)
    if (known !== undefined) return known
    const { name } = principal
    const pairs = pairsOf(principal).map(({ action, resource }) => ({
      line: { what: 'used', name, action, resource } satisfies UsageLine,
      policy: compilePolicy([{ effect: 'Allow', actions: [action], resources: [resource] }]),
    }))
    const found = new Map<string, UsageLine[]>()
    const match = (action: string, resource: string) => {
      const key = `${action} ${resource}`
      const lines =
        found.get(key) ??
        pairs.flatMap(({ policy, line }) => (policy(action, [resource]).kind === 'allowed' ? [line] : []))
      found.set(key, lines)
      return lines
    }
    matchers.set(principal, match)
    return match
  }

  return {
    expectRefusal(action: string): void {
      expected.add(action)
    },
    admitted(principal: Principal): void {
      if (!isWatched(principal) || principal.reduced === true) return
      write(pairsOf(principal).map((pair) => ({ what: 'granted', name: principal.name, ...pair })))
    },
    judged({ principal, action, resources, allowed }: Judged): void {
      if (!isWatched(principal)) return
      const { name } = principal
      if (allowed) write(resources.flatMap((resource) => matcherOf(principal)(action, resource)))
      else if (principal.reduced !== true && !expected.has(action))
        write(resources.map((resource) => ({ what: 'refused', name, action, resource })))
    },
  }
}
