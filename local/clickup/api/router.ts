type Node<Handler> = {
  readonly literals: Map<string, Node<Handler>>
  parameter: Node<Handler> | undefined
  readonly handlers: Map<string, { readonly handler: Handler; readonly names: readonly string[] }>
}

export type Match<Handler> = { readonly handler: Handler; readonly params: ReadonlyMap<string, string> }

const newNode = <Handler>(): Node<Handler> => ({ literals: new Map(), parameter: undefined, handlers: new Map() })

/** Undefined for what is not valid percent-encoding. */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** Routes such as `GET /v2/list/:list`; a literal segment wins over a parameter. */
export function createRouter<Handler>(routes: Readonly<Record<string, Handler>>) {
  const root = newNode<Handler>()

  for (const [route, handler] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ')
    const names: string[] = []
    let node = root
    for (const segment of path.split('/').slice(1)) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        node.parameter ??= newNode()
        node = node.parameter
      } else {
        const next = node.literals.get(segment) ?? newNode<Handler>()
        node.literals.set(segment, next)
        node = next
      }
    }
    node.handlers.set(method, { handler, names })
  }

  return (method: string, path: string): Match<Handler> | undefined => {
    const values: string[] = []
    let node = root
    for (const segment of path.split('/').slice(1)) {
      const literal = node.literals.get(segment)
      if (literal !== undefined) {
        node = literal
        continue
      }
      const value = decode(segment)
      if (node.parameter === undefined || value === undefined || value === '') return undefined
      values.push(value)
      node = node.parameter
    }
    const found = node.handlers.get(method)
    if (found === undefined) return undefined
    return { handler: found.handler, params: new Map(found.names.map((name, index) => [name, values[index] ?? ''])) }
  }
}
