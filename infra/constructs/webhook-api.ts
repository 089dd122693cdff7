import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Config } from '../config.ts'
import { encryptionKeyOf } from './encryption-key.ts'

/**
 * One line a request: who, when, which route, what came of it. Nothing that the caller chose freely except the path, which
 * API Gateway keeps URL-encoded: no query, no header, no body, so no signature and no text of anybody's task.
 */
export const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  integrationLatencyMs: '$context.integrationLatency',
  error: '$context.error.message',
} as const

/** The HTTP API without routes: its address, its log, its limits. The service adds the route to it. */
export class WebhookApi extends Construct {
  readonly httpApi: HttpApi
  /** A name of ours and no reference: no other stack imports it. */
  readonly accessLogName: string
  /** Base of the webhooks' URLs, without a slash at the end. */
  readonly url: string
  /** Where the custom domain's DNS record has to point, if there is one. */
  readonly domainTarget: string | undefined

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id)
    this.httpApi = new HttpApi(this, 'Api', {
      apiName: `hookline-${config.stage}`,
      description: 'Receives the webhooks of ClickUp',
      createDefaultStage: false,
    })
    const encryptionKey = encryptionKeyOf(this, config)
    // This prefix keeps API Gateway from growing the account's one log resource policy beyond its limit.
    this.accessLogName = `/aws/vendedlogs/hookline-${config.stage}/api`
    const logGroup = new LogGroup(this, 'AccessLog', {
      ...(encryptionKey && { encryptionKey }),
      logGroupName: this.accessLogName,
      retention: config.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: config.throttling.rate, burstLimit: config.throttling.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    })
    this.url = this.httpApi.apiEndpoint
    if (config.customDomain) {
      const domain = new DomainName(this, 'Domain', {
        domainName: config.customDomain.domainName,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', config.customDomain.certificateArn),
        securityPolicy: SecurityPolicy.TLS_1_2,
      })
      new ApiMapping(this, 'Mapping', { api: this.httpApi, domainName: domain, stage })
      this.url = `https://${config.customDomain.domainName}`
      this.domainTarget = domain.regionalDomainName
    }
  }
}
