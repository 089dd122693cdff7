import { Duration } from 'aws-cdk-lib'
import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Construct } from 'constructs'
import { ENV } from '../../core/platform/env-names.ts'
import { HEALTH_ROUTE } from '../../core/platform/names.ts'
import type { Config } from '../config.ts'
import { acknowledgeOpenHealth } from '../nag.ts'
import { HEALTH } from '../rights.ts'
import { HEALTH_TIMEOUT_SECONDS } from '../timing.ts'
import type { TableInUse } from './hookline-function.ts'
import { HooklineFunction } from './hookline-function.ts'

/**
 * `GET /health`, for whoever watches from outside. The limits of the stage hold for it as well; limits of its own would stand in the
 * stage, which is deployed before there are routes. A flood of questions uses up limits of the account that the verifier shares; what
 * bounds its cost is that an answer is kept, and who fears it leaves the route out.
 */
export class Health extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, state, api }: { config: Config; state: TableInUse; api: HttpApi },
  ) {
    super(scope, id)
    const health = new HooklineFunction(this, 'Function', {
      name: 'health',
      description: 'Says how the stage does, to anybody who asks',
      memoryMb: 256,
      timeoutSeconds: HEALTH_TIMEOUT_SECONDS,
      config,
    })
      .knows(ENV.connections, JSON.stringify(config.connections))
      .canUseTable(state, ENV.stateTable, HEALTH.state)
    const integration = new HttpLambdaIntegration('Health', health.function, {
      timeout: Duration.seconds(HEALTH_TIMEOUT_SECONDS + 1),
    })
    for (const method of [HttpMethod.GET, HttpMethod.HEAD]) {
      const routeKey = HttpRouteKey.with(HEALTH_ROUTE, method)
      acknowledgeOpenHealth(new HttpRoute(this, `Route-${method}`, { httpApi: api, routeKey, integration }))
    }
  }
}
