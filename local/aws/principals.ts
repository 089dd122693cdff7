import type { AwsCall, AwsService, Home } from './call.ts'
import { AwsError } from './json-protocol.ts'
import { compilePolicy, type Policy, type Statement } from './policy.ts'

export type Principal = {
  accessKeyId: string
  name: string
  statements: Statement[] | 'all'
  /** Something was taken from it to see what happens: what it is refused then is no fault. */
  reduced?: boolean
}
type Admitted = { principal: Principal; accessKeyId: string; name: string; policy: Policy }

/** A call of a principal, and whether it may. */
export type Judged = { principal: Principal; action: string; resources: string[]; allowed: boolean }

/** Access key and region of a SigV4 header. The signature itself is not verified: nothing here is secret. */
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\//

/** What a request is signed for: `sqs`, `lambda`. */
export const signedFor = (authorization: string | undefined): string | undefined =>
  /Credential=[^/,\s]+\/\d{8}\/[^/,\s]+\/([^/,\s]+)\//.exec(authorization ?? '')?.[1]

/** What a right is judged by. */
type Asking = Pick<AwsCall, 'action' | 'resources'> & { service: string }

/** Who may call, and what for. @param onJudged hears of each call whether it is allowed */
export function createPrincipals(home: Home, onJudged: (judged: Judged) => void = () => undefined) {
  const admitted = new Map<string, Admitted>()

  /** @throws AwsError in the words of the service when there is no credential, an unknown key or another region */
  function identify(service: AwsService | 'bedrock', authorization: string | undefined): Admitted {
    const [, accessKeyId, region] = CREDENTIAL.exec(authorization ?? '') ?? []
    const status = service === 'sqs' ? 403 : 400
    if (accessKeyId === undefined) {
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', status)
    }
    const principal = admitted.get(accessKeyId)
    if (principal === undefined) {
      const code = service === 'sqs' ? 'InvalidClientTokenId' : 'UnrecognizedClientException'
      throw new AwsError(code, 'The security token included in the request is invalid.', status)
    }
    if (region !== home.region) {
      // On AWS another region is another endpoint, where nothing of this would exist.
      const message = `Credential should be scoped to a valid region, not '${region}'.`
      throw new AwsError(service === 'sqs' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException', message, status)
    }
    return principal
  }

  /** @throws AwsError AccessDeniedException that names principal, action and resource as AWS words it */
  function authorise(principal: Admitted, call: Asking): void {
    const { action: asked, resources } = call
    const decision = principal.policy(asked, resources)
    onJudged({ ...{ principal: principal.principal, action: asked, resources }, allowed: decision.kind === 'allowed' })
    if (decision.kind === 'allowed') return
    // SQS writes the action in lower case.
    const action = call.service === 'sqs' ? call.action.toLowerCase() : call.action
    const arn = `arn:aws:sts::${home.account}:assumed-role/${principal.name}/${principal.name}`
    const reason =
      decision.kind === 'denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`
    throw new AwsError(
      'AccessDeniedException',
      `User: ${arn} is not authorized to perform: ${action} on resource: ${decision.resource} ${reason}`,
      call.service === 'sqs' ? 403 : 400,
    )
  }

  return {
    admit(principal: Principal): void {
      const { accessKeyId, name, statements } = principal
      admitted.set(accessKeyId, { principal, accessKeyId, name, policy: compilePolicy(statements) })
    },
    identify,
    authorise,
  }
}
