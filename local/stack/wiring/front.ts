import type { Clock } from '../../../core/platform/clock.ts'
import type { Deployment } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { FrontTable } from '../http/front.ts'
import { functionNameOf } from '../resources/function.ts'
import { checkPermission, routeSource } from './checks.ts'
import type { RunningFunction } from './functions.ts'
import { functionAt } from './look-up.ts'
import { meterAnswers } from './metering.ts'

/**
 * What the HTTP front serves: each route with the function behind its integration.
 * @returns undefined when the template has no API
 * @throws StackError for a route that leads nowhere or to a function that API Gateway may not invoke
 */
export function frontTable(deployment: Deployment, functions: RunningFunction[], clock: Clock): FrontTable | undefined {
  const [api] = deployment.apis
  if (!api) return undefined
  const [stage] = deployment.stages
  if (!stage) throw templateError('AWS::ApiGatewayV2::Api', 'the API has no stage, so it would answer nothing')
  const routes = deployment.routes.map(({ where, key, pattern, integrationId }) => {
    const integration = deployment.integrations.find((one) => one.id === integrationId)
    if (!integration) throw templateError(where, `the integration ${integrationId} is not in the template`)
    const definition = functionAt(deployment, integration.functionArn, where)
    const sourceArn = routeSource(deployment, stage, api.id, key)
    const calledBy = functionNameOf(integration.functionArn)
    checkPermission(deployment, { definition, calledBy, principal: 'apigateway.amazonaws.com', sourceArn, where })
    const invoke = async (event: unknown) =>
      (await functions.find((one) => one.arn === definition.arn)?.invoke(event)) ?? ({ kind: 'throttled' } as const)
    return { key, pattern, timeoutMs: integration.timeoutMs, invoke }
  })
  const onAnswer = meterAnswers({ cloudwatch: deployment.gateway.cloudwatch, clock }, api.id)
  return { account: deployment.gateway.account, apiId: api.id, stage, routes, onAnswer }
}
