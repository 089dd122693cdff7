import { ENV } from '../../../core/platform/env-names.ts'
import { METRICS } from '../../../core/platform/metrics.ts'
import { METRIC_NAMESPACE, metricDimensions } from '../../../core/platform/names.ts'
import { type MetricName, metricKey } from '../../aws/cloudwatch/metric.ts'
import type { AlarmRecord, Deployment, TopicRecord } from '../deployment.ts'
import { templateError } from '../errors.ts'
import { allows } from '../iam/policy.ts'
import { PUBLISHED } from './metering.ts'

/**
 * Refuses an alarm that would be deployed without a word and never fire, or fire unheard.
 * @throws StackError for a metric that nobody publishes, and for an action that is no topic or that the topic would refuse
 */
export function checkAlarm(deployment: Deployment, { where, definition }: AlarmRecord): void {
  for (const query of definition.queries) {
    const reason = query.kind === 'metric' ? whyUnpublished(deployment, query.stat.metric) : undefined
    if (reason !== undefined) throw templateError(where, `watches what nobody publishes: ${reason}`)
  }
  for (const arn of Object.values(definition.actions).flat()) {
    const topic = deployment.topics.find((one) => one.arn === arn)
    if (topic === undefined) throw templateError(where, `its action ${arn} is no topic of the template`)
    if (!mayPublish(topic)) throw templateError(where, `the policy of ${topic.path} does not let CloudWatch publish`)
  }
}

function whyUnpublished(deployment: Deployment, metric: MetricName): string | undefined {
  const { namespace, name, dimensions } = metric
  if (namespace === METRIC_NAMESPACE) {
    if (!(name in METRICS)) return `${name} is not in the table of metrics`
    const stages = new Set(deployment.functions.map(({ environment }) => environment[ENV.stage] ?? ''))
    const isOurs = [...stages].some(
      (stage) => metricKey({ ...metric, dimensions: metricDimensions(stage) }) === metricKey(metric),
    )
    return isOurs ? undefined : `${name} has other dimensions than ${JSON.stringify(dimensions)}`
  }
  if (!PUBLISHED[namespace]?.includes(name)) return `${namespace} ${name} is not known here`
  const resource = resourceOf(deployment, namespace, dimensions)
  return resource === undefined ? undefined : `${namespace} ${name} of ${resource}, which is not in the template`
}

/** What the dimensions name that does not exist. */
function resourceOf(
  deployment: Deployment,
  namespace: string,
  dimensions: MetricName['dimensions'],
): string | undefined {
  const { FunctionName, QueueName, ApiId, TableName, Operation: _operation, ...rest } = dimensions
  const { GlobalSecondaryIndexName: index, ...others } = rest
  const [unknown] = index !== undefined && namespace !== 'AWS/DynamoDB' ? [index] : Object.keys(others)
  if (unknown !== undefined) return unknown
  switch (namespace) {
    case 'AWS/Lambda':
      return deployment.functions.some(({ name }) => name === FunctionName)
        ? undefined
        : (FunctionName ?? 'no function')
    case 'AWS/SQS':
      return deployment.queues.some(({ name }) => name === QueueName) ? undefined : (QueueName ?? 'no queue')
    case 'AWS/ApiGateway':
      return deployment.apis.some(({ id }) => id === ApiId) ? undefined : (ApiId ?? 'no API')
    default: {
      const table = deployment.tables.find(({ name }) => name === TableName)
      if (table === undefined) return TableName ?? 'no table'
      const isThere = index === undefined || (table.indexes?.includes(index) ?? true)
      return isThere ? undefined : `the index ${index}`
    }
  }
}

/** Without a policy of its own a topic takes what comes from its account; with one, only what that allows. */
function mayPublish({ arn, policies }: TopicRecord): boolean {
  if (policies.length === 0) return true
  return policies
    .flat()
    .some(
      ({ services, actions, resources }) =>
        services.includes('cloudwatch.amazonaws.com') &&
        allows([{ effect: 'Allow', actions, resources }], 'sns:Publish', arn),
    )
}
