import { templateError } from '../errors.ts'

export type ApiRecord = { id: string }
type Limits = { burst: number | undefined; perSecond: number | undefined }
export type StageRecord = {
  name: string
  variables: Record<string, string>
  /** For each route by itself, unless `routeLimits` has its key. */
  limits: Limits
  routeLimits: Map<string, Limits>
}
export type IntegrationRecord = { id: string; functionArn: string; timeoutMs: number }
export type RouteRecord = { where: string; key: string; pattern: RoutePattern; integrationId: string }

type Segment =
  | { kind: 'literal'; text: string }
  | { kind: 'parameter'; name: string }
  | { kind: 'greedy'; name: string }
export type RoutePattern = { kind: 'default' } | { kind: 'path'; method: string; segments: Segment[] }

/**
 * Reads `$default`, `POST /a/{b}` or `ANY /a/{proxy+}`.
 * @throws StackError for anything else.
 */
export function parseRouteKey(key: string, where: string): RoutePattern {
  if (key === '$default') return { kind: 'default' }
  const [, method, path] = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/(.*)$/.exec(key) ?? []
  if (method === undefined || path === undefined) throw templateError(where, `the route key ${key} is not supported`)
  const segments = path.split('/').map(parseSegment)
  const greedy = segments.findIndex((segment) => segment.kind === 'greedy')
  if (greedy >= 0 && greedy !== segments.length - 1) {
    throw templateError(where, `the route key ${key} goes on after its greedy parameter`)
  }
  return { kind: 'path', method, segments }
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(text) ?? []
  if (!name) return { kind: 'literal', text }
  return plus ? { kind: 'greedy', name } : { kind: 'parameter', name }
}

export type RouteMatch<Route> = { route: Route; pathParameters: Record<string, string> }

/**
 * API Gateway takes the most specific route: literal before parameter before greedy, a method before `ANY`, `$default` last.
 * @param path as it came, percent-encoded: an encoded slash belongs to a parameter's value and parts nothing.
 */
export function findRoute<Route extends { pattern: RoutePattern }>(
  routes: Route[],
  method: string,
  path: string,
): RouteMatch<Route> | undefined {
  const given = path.replace(/^\//, '').split('/').map(decodeURIComponent)
  const matches = routes.flatMap((route) => {
    const pathParameters = parametersOf(route.pattern, method, given)
    return pathParameters ? [{ route, pathParameters, rank: rankOf(route.pattern) }] : []
  })
  const [best] = matches.sort((one, other) => one.rank.localeCompare(other.rank))
  return best && { route: best.route, pathParameters: best.pathParameters }
}

function parametersOf(pattern: RoutePattern, method: string, given: string[]): Record<string, string> | undefined {
  if (pattern.kind === 'default') return {}
  if (pattern.method !== 'ANY' && pattern.method !== method) return undefined
  const greedy = pattern.segments.at(-1)?.kind === 'greedy'
  if (greedy ? given.length < pattern.segments.length : given.length !== pattern.segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of pattern.segments.entries()) {
    const text = segment.kind === 'greedy' ? given.slice(index).join('/') : (given[index] ?? '')
    if (segment.kind === 'literal' && segment.text !== text) return undefined
    // An empty part of a path is no value for a parameter.
    if (segment.kind !== 'literal' && text === '') return undefined
    if (segment.kind !== 'literal') parameters[segment.name] = text
  }
  return parameters
}

/** A text that sorts the more specific route first. */
function rankOf(pattern: RoutePattern): string {
  if (pattern.kind === 'default') return '9'
  const ranks = { literal: '0', parameter: '1', greedy: '2' }
  return pattern.segments.map((segment) => ranks[segment.kind]).join('') + (pattern.method === 'ANY' ? '1' : '0')
}
