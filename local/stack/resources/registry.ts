import { alarm } from './alarm.ts'
import { bucket, bucketPolicy } from './bucket.ts'
import { dashboard, queryDefinition } from './dashboard.ts'
import { eventSourceMapping } from './event-source-mapping.ts'
import { eventBus, rule, schedule } from './events.ts'
import { eventInvokeConfig, lambdaFunction, permission } from './function.ts'
import { api, integration, route, stage } from './http-api.ts'
import { inertKinds } from './inert.ts'
import type { ResourceKind } from './kind.ts'
import { queue, queuePolicy } from './queue.ts'
import { alias, codeDeployApplication, deploymentGroup, version } from './release.ts'
import { policy, role, rolePolicy } from './role.ts'
import { rotationSchedule, secret } from './secret.ts'
import { globalTable, table } from './table.ts'
import { subscription, topic, topicPolicy } from './topic.ts'

/** Every type of resource that runs here; a template with any other does not start. */
export const RESOURCE_KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ...inertKinds,
  ['AWS::ApiGatewayV2::Api', api],
  ['AWS::ApiGatewayV2::Integration', integration],
  ['AWS::ApiGatewayV2::Route', route],
  ['AWS::ApiGatewayV2::Stage', stage],
  ['AWS::CloudWatch::Alarm', alarm],
  ['AWS::CloudWatch::Dashboard', dashboard],
  ['AWS::CodeDeploy::Application', codeDeployApplication],
  ['AWS::CodeDeploy::DeploymentGroup', deploymentGroup],
  ['AWS::DynamoDB::GlobalTable', globalTable],
  ['AWS::DynamoDB::Table', table],
  ['AWS::Events::EventBus', eventBus],
  ['AWS::Events::Rule', rule],
  ['AWS::IAM::ManagedPolicy', policy],
  ['AWS::IAM::Policy', policy],
  ['AWS::IAM::Role', role],
  ['AWS::IAM::RolePolicy', rolePolicy],
  ['AWS::Lambda::Alias', alias],
  ['AWS::Lambda::EventInvokeConfig', eventInvokeConfig],
  ['AWS::Lambda::EventSourceMapping', eventSourceMapping],
  ['AWS::Lambda::Function', lambdaFunction],
  ['AWS::Lambda::Permission', permission],
  ['AWS::Logs::QueryDefinition', queryDefinition],
  ['AWS::SNS::Subscription', subscription],
  ['AWS::SNS::Topic', topic],
  ['AWS::SNS::TopicPolicy', topicPolicy],
  ['AWS::Lambda::Version', version],
  ['AWS::S3::Bucket', bucket],
  ['AWS::S3::BucketPolicy', bucketPolicy],
  ['AWS::SQS::Queue', queue],
  ['AWS::SQS::QueuePolicy', queuePolicy],
  ['AWS::Scheduler::Schedule', schedule],
  ['AWS::SecretsManager::RotationSchedule', rotationSchedule],
  ['AWS::SecretsManager::Secret', secret],
])
