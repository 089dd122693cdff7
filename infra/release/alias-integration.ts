import type { Duration } from 'aws-cdk-lib'
import { Stack } from 'aws-cdk-lib'
import {
  HttpIntegrationType,
  type HttpRouteIntegrationBindOptions,
  type HttpRouteIntegrationConfig,
  HttpRouteIntegration as Integration,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Alias } from 'aws-cdk-lib/aws-lambda'

/**
 * A route that calls an alias, and the right of API Gateway to do so for that route alone.
 *
 * The CDK's own integration takes functions; an alias is one, but not in the eyes of TypeScript's `exactOptionalPropertyTypes`.
 */
export class AliasIntegration extends Integration {
  private readonly alias: Alias
  private readonly timeout: Duration

  constructor(id: string, alias: Alias, { timeout }: { timeout: Duration }) {
    super(id)
    this.alias = alias
    this.timeout = timeout
  }

  override bind({ route, scope }: HttpRouteIntegrationBindOptions): HttpRouteIntegrationConfig {
    this.alias.addPermission('Route', {
      scope,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(route).formatArn({
        service: 'execute-api',
        resource: route.httpApi.apiId,
        resourceName: `*/*${route.path ?? ''}`,
      }),
    })
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.alias.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      timeout: this.timeout,
    }
  }
}
