import type { Deployment } from '../deployment.ts'
import { arnOf, physicalName, type Resource, type ResourceKind } from './kind.ts'

/** The name that the template gives in one of its usual properties, or a made-up one. */
function nameOf(resource: Resource, property: string): string {
  const given = resource.properties[property]
  return typeof given === 'string' ? given : physicalName(resource, 64)
}

type Inert = {
  ref(resource: Resource, deployment: Deployment): string
  arn?(name: string, deployment: Deployment): string
}

const named = (property: string, arn?: Inert['arn']): Inert => ({
  ref: (resource) => nameOf(resource, property),
  ...(arn && { arn }),
})
const anonymous: Inert = { ref: (resource) => resource.logicalId }

/**
 * What is accepted and does nothing here, one by one, with what others may refer to. Each watches, guards or publishes what
 * is deployed; none has a part in what happens to a delivery.
 */
const INERT: Record<string, Inert> = {
  'AWS::CDK::Metadata': anonymous,
  'AWS::ApiGatewayV2::ApiMapping': anonymous,
  'AWS::ApiGatewayV2::Deployment': anonymous,
  'AWS::ApiGatewayV2::DomainName': named('DomainName'),
  'AWS::CertificateManager::Certificate': {
    ref: (resource, deployment) => arnOf(deployment, 'acm', `certificate/${resource.logicalId}`),
  },
  'AWS::Route53::RecordSet': named('Name'),
  'AWS::CloudWatch::CompositeAlarm': named('AlarmName', (name, deployment) =>
    arnOf(deployment, 'cloudwatch', `alarm:${name}`),
  ),
  'AWS::Events::EventBusPolicy': anonymous,
  'AWS::KMS::Alias': named('AliasName'),
  'AWS::KMS::Key': named('KeyId', (name, deployment) => arnOf(deployment, 'kms', `key/${name}`)),
  'AWS::Logs::LogGroup': named('LogGroupName', (name, deployment) => arnOf(deployment, 'logs', `log-group:${name}:*`)),
  'AWS::Logs::MetricFilter': anonymous,
  'AWS::Logs::ResourcePolicy': anonymous,
  'AWS::Scheduler::ScheduleGroup': named('Name', (name, deployment) =>
    arnOf(deployment, 'scheduler', `schedule-group/${name}`),
  ),
  'AWS::SecretsManager::ResourcePolicy': anonymous,
}

/** Attributes that some of them have beside `Arn`, all named as the template would ask. */
const EXTRA: Record<string, (resource: Resource, ref: string) => Record<string, string>> = {
  'AWS::KMS::Key': (_resource, ref) => ({ KeyId: ref }),
  'AWS::ApiGatewayV2::DomainName': (resource) => ({
    RegionalDomainName: `${resource.logicalId}.invalid`,
    RegionalHostedZoneId: 'Z00000000000000000000',
  }),
}

const inertKind =
  (type: string, how: Inert): ResourceKind =>
  (resource, deployment) => {
    const ref = how.ref(resource, deployment)
    const arn = how.arn?.(ref, deployment)
    return { ref, attributes: { ...(arn && { Arn: arn }), ...EXTRA[type]?.(resource, ref) } }
  }

export const inertKinds = new Map(Object.entries(INERT).map(([type, how]) => [type, inertKind(type, how)]))
