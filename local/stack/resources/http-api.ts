import * as z from 'zod'
import { templateError } from '../errors.ts'
import { parseRouteKey } from '../http/routes.ts'
import { kind, shortHash } from './kind.ts'

export const api = kind({
  schema: z.strictObject({ Name: z.string().optional(), ProtocolType: z.literal('HTTP') }),
  ignores: ['Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Tags'],
  make(_properties, resource, deployment) {
    if (deployment.apis.length > 0) throw templateError(resource.where, 'a second API is not supported')
    const id = `l${shortHash(`${resource.stack}/${resource.logicalId}`)}`
    deployment.apis.push({ id })
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: deployment.apiUrl } }
  },
})

const throttling = z.looseObject({
  ThrottlingBurstLimit: z.coerce.number().optional(),
  ThrottlingRateLimit: z.coerce.number().optional(),
})

export const stage = kind({
  schema: z.strictObject({
    ApiId: z.string(),
    StageName: z.string(),
    AutoDeploy: z.boolean().default(false),
    DeploymentId: z.string().optional(),
    StageVariables: z.record(z.string(), z.string()).default({}),
    DefaultRouteSettings: throttling.default({}),
    RouteSettings: z.record(z.string(), throttling).default({}),
  }),
  // An access log tells nothing here that the functions' own lines do not.
  ignores: ['AccessLogSettings', 'Description', 'Tags'],
  make(properties, resource, deployment) {
    if (deployment.stages.length > 0) throw templateError(resource.where, 'a second stage is not supported')
    if (!properties.AutoDeploy && !properties.DeploymentId) {
      throw templateError(resource.where, 'neither deploys by itself nor names a deployment, so it would serve nothing')
    }
    const limits = (given: z.infer<typeof throttling>) => ({
      burst: given.ThrottlingBurstLimit,
      perSecond: given.ThrottlingRateLimit,
    })
    deployment.stages.push({
      name: properties.StageName,
      variables: properties.StageVariables,
      limits: limits(properties.DefaultRouteSettings),
      routeLimits: new Map(Object.entries(properties.RouteSettings).map(([key, given]) => [key, limits(given)])),
    })
    return { ref: properties.StageName, attributes: {} }
  },
})

export const integration = kind({
  schema: z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.coerce.number().min(50).max(30_000).default(30_000),
  }),
  ignores: ['ConnectionType', 'Description', 'IntegrationMethod'],
  make(properties, resource, deployment) {
    const id = shortHash(`${resource.stack}/${resource.logicalId}`)
    deployment.integrations.push({
      id,
      functionArn: functionArnIn(properties.IntegrationUri),
      timeoutMs: properties.TimeoutInMillis,
    })
    return { ref: id, attributes: { IntegrationId: id } }
  },
})

/** An integration names its function by ARN, or by API Gateway's own way of saying `invoke`. */
const functionArnIn = (uri: string) => /functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri

export const route = kind({
  schema: z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().regex(/^integrations\//, 'is not an integration'),
    // The one type that lets a request through without asking somebody else.
    AuthorizationType: z.literal('NONE').default('NONE'),
  }),
  ignores: ['ApiKeyRequired', 'OperationName'],
  make(properties, resource, deployment) {
    const id = shortHash(`${resource.stack}/${resource.logicalId}`)
    deployment.routes.push({
      where: resource.where,
      key: properties.RouteKey,
      pattern: parseRouteKey(properties.RouteKey, resource.where),
      integrationId: properties.Target.replace(/^integrations\//, ''),
    })
    return { ref: id, attributes: { RouteId: id } }
  },
})
