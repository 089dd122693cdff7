import type { ArmedAlarm, AwsLooks } from '../../core/doctor/services.ts'
import type { MoreClients } from '../more-clients.ts'

const MOST_ALARMS = 100

/** Asks AWS what the checks want to know, each thing once. */
export function awsLooks(more: MoreClients, stage: string): AwsLooks {
  let listed: Promise<ArmedAlarm[]> | undefined
  return {
    async recursion(functionName) {
      const { GetFunctionRecursionConfigCommand } = await import('@aws-sdk/client-lambda')
      const client = await more.lambda()
      const { RecursiveLoop } = await client.send(new GetFunctionRecursionConfigCommand({ FunctionName: functionName }))
      return RecursiveLoop === 'Allow' ? 'allow' : 'terminate'
    },
    alarms() {
      listed ??= alarmsOf(more, `hookline-${stage}-`)
      return listed
    },
    async subscriptions(topicArn) {
      const { paginateListSubscriptionsByTopic } = await import('@aws-sdk/client-sns')
      const counts = { confirmed: 0, pending: 0 }
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
        { client: await more.sns() },
        { TopicArn: topicArn },
      )) {
        // A subscription that nobody has confirmed has words in the place of its ARN, and one that was ended has others for some days.
        for (const { SubscriptionArn = '' } of Subscriptions)
          if (SubscriptionArn !== 'Deleted') counts[SubscriptionArn.startsWith('arn:') ? 'confirmed' : 'pending'] += 1
      }
      return counts
    },
  }
}

async function alarmsOf(more: MoreClients, prefix: string): Promise<ArmedAlarm[]> {
  const { paginateDescribeAlarms } = await import('@aws-sdk/client-cloudwatch')
  const alarms: ArmedAlarm[] = []
  const query = { AlarmNamePrefix: prefix, MaxRecords: MOST_ALARMS }
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: await more.cloudwatch() }, query)) {
    for (const {
      AlarmName: name = '',
      StateValue: state,
      ActionsEnabled: enabled = true,
      AlarmActions = [],
    } of MetricAlarms)
      alarms.push({ name, state: state ?? 'INSUFFICIENT_DATA', enabled, actions: AlarmActions })
  }
  return alarms
}
