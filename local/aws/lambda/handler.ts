import type { Clock } from '../../../core/platform/clock.ts'
import type { Home, OtherHandler } from '../call.ts'
import { AwsError } from '../json-protocol.ts'
import { functionRequest } from './functions.ts'
import { invocation } from './invoke.ts'
import { mappingRequest } from './mappings.ts'
import { createPermissions } from './permissions.ts'
import { createRegistry, type LambdaFacts } from './registry.ts'

/** Lambda's REST API, as far as it is served here. What goes wrong is told as Lambda tells it: its name in a header. */
export function createLambda(
  home: Home,
  invoke: (functionArn: string, payload: unknown) => Promise<unknown>,
  { now }: Clock,
): { handle: OtherHandler; facts: LambdaFacts } {
  const registry = createRegistry(now)
  const permissionRequest = createPermissions()
  return {
    facts: registry.told,
    handle: async (request, authorise) => {
      try {
        const reply = await invocation(home, request, { authorise, invoke })
        if (reply !== undefined) return reply
        const mapping = mappingRequest(request, { home, registry, now, authorise })
        const services = { home, registry, authorise }
        const told = mapping ?? permissionRequest(request, services) ?? functionRequest(request, services)
        if (told !== undefined) {
          // An update is only begun when it is answered.
          const status = request.method === 'PUT' ? 202 : 200
          return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(told) }
        }
        throw new AwsError(
          'UnknownOperationException',
          `${request.method} ${request.url} is not supported by the local stack.`,
        )
      } catch (thrown) {
        const known = thrown instanceof AwsError
        const message = thrown instanceof Error ? thrown.message : String(thrown)
        return {
          // Lambda refuses with 403 what other services refuse with 400.
          status: known ? (thrown.code === 'AccessDeniedException' ? 403 : thrown.status) : 500,
          headers: { 'content-type': 'application/json', 'x-amzn-errortype': known ? thrown.code : 'ServiceException' },
          body: JSON.stringify({ Message: message }),
        }
      }
    },
  }
}
