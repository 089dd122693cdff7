/** The CDK gives a logical id eight letters at the end, and the local stack eight more where the template leaves a name out. */
const PHYSICAL = /^Hookline-[\w-]+?-(?:Data|Service)-(.+?)[0-9A-F]{8}-[0-9a-f]{8}$/

const short = (name: string): string =>
  PHYSICAL.exec(name)?.[1] ?? name.replace(/^hookline-[a-z0-9]+-(?=[a-z])/, '').replace(/-(?:\?{6}|\w{6})$/, '')

/**
 * An ARN of a statement in a word: `Ledger`, `Ledger/byDay`, `DeliveriesQueue`, `token`. What is of one kind has one name: the
 * secrets of all connections, the versions of a function.
 */
export function nameOfResource(arn: string): string {
  if (!arn.startsWith('arn:')) return short(arn)
  const [, , service = '', , , ...rest] = arn.split(':')
  const resource = rest.join(':')
  switch (service) {
    case 'dynamodb': {
      const [, table = '', , index] = resource.split('/')
      return index === undefined ? short(table) : `${short(table)}/${index}`
    }
    case 'secretsmanager':
      return short(resource.split('/').at(-1) ?? resource)
    case 'events':
      return resource.startsWith('event-bus/') ? 'bus' : `rule ${short(resource.split('/').at(-1) ?? resource)}`
    case 'logs':
      return 'log'
    case 's3':
      return `archive/${resource.split('/').slice(1).join('/')}`
    case 'lambda': {
      const [, name = '', qualifier] = resource.split(':')
      const what = qualifier === undefined ? '' : /^\d+$/.test(qualifier) ? ' version' : ` ${qualifier}`
      return `${short(name)}${what}`
    }
    case 'execute-api':
      return `route ${resource.split('/').slice(2).join('/')}`
    default:
      return short(resource)
  }
}
