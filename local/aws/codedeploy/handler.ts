import * as z from 'zod'
import type { Home, OtherHandler, Reply } from '../call.ts'
import { AwsError, parseBody, parseInput } from '../json-protocol.ts'
import type { Deployments, HookDeployment } from './deployments.ts'

const PREFIX = 'CodeDeploy_20141006.'
const HEADERS = { 'content-type': 'application/x-amz-json-1.1' }

const statusSchema = z.looseObject({
  deploymentId: z.string(),
  lifecycleEventHookExecutionId: z.string(),
  status: z.enum(['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Unknown']),
})

/** CodeDeploy as far as the hooks of a deployment speak to it. JSON 1.1, an error by its name in `__type`. */
export function createCodeDeployHandler(home: Home, deployments: Deployments): OtherHandler {
  const arnOf = ({ application, group }: HookDeployment) =>
    `arn:aws:codedeploy:${home.region}:${home.account}:deploymentgroup:${application}/${group}`

  function put(body: unknown, authorise: Parameters<OtherHandler>[1]): Reply {
    const { deploymentId, lifecycleEventHookExecutionId: id, status } = parseInput(statusSchema, body)
    const deployment = deployments.find(deploymentId)
    const resources = deployment === undefined ? ['*'] : [arnOf(deployment)]
    authorise({ action: 'codedeploy:PutLifecycleEventHookExecutionStatus', resources, body })
    if (deployment === undefined)
      throw new AwsError('DeploymentDoesNotExistException', `No deployment found for deployment ID: ${deploymentId}`)
    if (deployment.hookExecutionId !== id)
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionIdException',
        'The hook execution id is not of this deployment.',
      )
    if (deployment.status !== 'Pending')
      throw new AwsError('LifecycleEventAlreadyCompletedException', 'The lifecycle event has been completed already.')
    if (status !== 'Succeeded' && status !== 'Failed')
      throw new AwsError('InvalidLifecycleEventHookExecutionStatusException', `${status} is not for a hook to say.`)
    deployment.status = status
    return { status: 200, headers: HEADERS, body: JSON.stringify({ lifecycleEventHookExecutionId: id }) }
  }

  return async (request, authorise) => {
    try {
      const operation = request.target?.startsWith(PREFIX) ? request.target.slice(PREFIX.length) : undefined
      if (operation === 'PutLifecycleEventHookExecutionStatus') return put(parseBody(request.text), authorise)
      throw new AwsError('UnknownOperationException', `${request.target} is not supported by the local stack.`)
    } catch (thrown) {
      const known = thrown instanceof AwsError
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      const body = JSON.stringify({ __type: known ? thrown.code : 'InternalFailure', message })
      return { status: known ? thrown.status : 500, headers: HEADERS, body }
    }
  }
}
