import type { Asked, Home } from '../call.ts'
import type { WireRequest } from '../endpoint.ts'
import { AwsError } from '../json-protocol.ts'
import type { FunctionFacts, Registry } from './registry.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html and its neighbours: what is asked of a function. */
const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(?:\/(configuration|aliases)(?:\/([^/]+))?)?\/?$/
const RECURSION = /^\/2024-08-31\/functions\/([^/]+)\/recursion-config\/?$/

type Services = { home: Home; registry: Registry; authorise(asked: Asked): void }

/** What is asked of a function: its configuration, its aliases, what becomes of its loops. @returns undefined for something else */
export function functionRequest(request: WireRequest, services: Services): object | undefined {
  if (request.method !== 'GET') return undefined
  const url = new URL(request.url, 'http://127.0.0.1')
  const [, looping] = RECURSION.exec(url.pathname) ?? []
  if (looping !== undefined)
    return { RecursiveLoop: find('GetFunctionRecursionConfig', looping, services).facts.recursiveLoop }
  const [, name, part, last] = FUNCTION.exec(url.pathname) ?? []
  if (name === undefined) return undefined
  if (part === 'aliases' && last === undefined)
    return { Aliases: find('ListAliases', name, services).facts.aliases.map(aliasOf) }
  if (part === 'aliases') return aliasOf(aliasIn(find('GetAlias', name, services).facts, last ?? ''))
  const operation = part === 'configuration' ? 'GetFunctionConfiguration' : 'GetFunction'
  const { facts, qualifier } = find(operation, name, services, url.searchParams.get('Qualifier'))
  const Configuration = configurationOf(facts, qualifier)
  return part === 'configuration' ? Configuration : { Configuration, Code: { RepositoryType: 'S3' } }
}

/** A function by name, ARN or qualified ARN. @throws AwsError where there is none, or no such version or alias of it */
function find(
  operation: string,
  encoded: string,
  { home, registry, authorise }: Services,
  asked: string | null = null,
): { facts: FunctionFacts; qualifier: string } {
  const given = decodeURIComponent(encoded)
  const [name = '', qualified] = given.replace(/^arn:aws:lambda:[^:]*:[^:]*:function:/, '').split(':')
  const qualifier = asked ?? qualified ?? '$LATEST'
  const arn = `arn:aws:lambda:${home.region}:${home.account}:function:${name}`
  const named = qualifier === '$LATEST' ? arn : `${arn}:${qualifier}`
  authorise({ action: `lambda:${operation}`, resources: [named], body: {} })
  const facts = registry.functions.get(name)
  const isThere =
    qualifier === '$LATEST' ||
    facts?.versions.includes(qualifier) ||
    facts?.aliases.some((alias) => alias.name === qualifier)
  if (facts !== undefined && isThere) return { facts, qualifier }
  throw new AwsError('ResourceNotFoundException', `Function not found: ${named}`, 404)
}

function aliasIn({ aliases, arn }: FunctionFacts, name: string) {
  const found = aliases.find((alias) => alias.name === decodeURIComponent(name))
  if (found !== undefined) return found
  throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${arn}:${name}`, 404)
}

const aliasOf = ({ name, arn, version }: FunctionFacts['aliases'][number]) => ({
  ...{ AliasArn: arn, Name: name, FunctionVersion: version, Description: '' },
})

function configurationOf(facts: FunctionFacts, qualifier: string) {
  const behind = facts.aliases.find(({ name }) => name === qualifier)?.version ?? qualifier
  return {
    FunctionName: facts.name,
    FunctionArn: qualifier === '$LATEST' ? facts.arn : `${facts.arn}:${qualifier}`,
    Version: behind,
    Description: facts.description,
    ...{ Runtime: facts.runtime, Handler: facts.handler, Role: facts.roleArn },
    ...{ Timeout: facts.timeoutSeconds, MemorySize: facts.memoryMb },
    Environment: { Variables: facts.environment },
    LoggingConfig: { LogGroup: facts.logGroup },
    ...{ PackageType: 'Zip', State: 'Active', LastUpdateStatus: 'Successful' },
  }
}
