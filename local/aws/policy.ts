/** What a principal may or may not do. `*` and `?` are wildcards in actions and resources, as in IAM. */
export type Statement = { effect: 'Allow' | 'Deny'; actions: string[]; resources: string[] }

type Decision = { kind: 'allowed' } | { kind: 'notAllowed'; resource: string } | { kind: 'denied'; resource: string }

/** Answers whether an action on all of the resources is allowed. */
export type Policy = (action: string, resources: string[]) => Decision

const ALLOWED: Decision = { kind: 'allowed' }

function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, `s${flags}`)
}

/**
 * Compiles statements once, so that a call costs a few matches.
 * IAM's order: an explicit Deny wins, then an Allow is needed, for each resource. Actions ignore case, resources do not.
 */
export function compilePolicy(statements: Statement[] | 'all'): Policy {
  if (statements === 'all') return () => ALLOWED
  const compiled = statements.map(({ effect, actions, resources }) => ({
    effect,
    actions: actions.map((action) => wildcard(action, 'i')),
    resources: resources.map((resource) => wildcard(resource, '')),
  }))
  const covered = (effect: Statement['effect'], action: string, resource: string) =>
    compiled.some(
      (statement) =>
        statement.effect === effect &&
        statement.actions.some((pattern) => pattern.test(action)) &&
        statement.resources.some((pattern) => pattern.test(resource)),
    )
  return (action, resources) => {
    const denied = resources.find((resource) => covered('Deny', action, resource))
    if (denied !== undefined) return { kind: 'denied', resource: denied }
    const open = resources.find((resource) => !covered('Allow', action, resource))
    return open === undefined ? ALLOWED : { kind: 'notAllowed', resource: open }
  }
}
