import { createHash } from 'node:crypto'
import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { SEVERITIES, type Severity } from './alarm.ts'
import type { AlarmsConfig } from './config.ts'
import { AUDIENCES, topicName } from './names.ts'

export type TopicsProps = {
  stage: string
  config: Pick<AlarmsConfig, 'page' | 'warn' | 'note'>
  encryptionKey?: IKey | undefined
}

const NAMES = { P1: 'Page', P2: 'Warn', P3: 'Note' } as const satisfies Record<Severity, string>

/**
 * A topic for each severity, with those who are to be told.
 *
 * Encrypted with the owner's key where there is one. AWS's own key for SNS will not do: CloudWatch may not use it, and no alarm
 * would come through (https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger). A message names the stage, the
 * alarm and its numbers, and nothing of anybody's tasks.
 */
export class Topics extends Construct {
  readonly of: Readonly<Record<Severity, Topic>>

  constructor(scope: Construct, id: string, { stage, config, encryptionKey }: TopicsProps) {
    super(scope, id)
    const make = (severity: Severity) =>
      new Topic(this, NAMES[severity], {
        topicName: topicName(stage, severity),
        displayName: `Hookline ${stage} ${severity}`,
        enforceSSL: true,
        ...(encryptionKey && { masterKey: encryptionKey }),
      })
    this.of = { P1: make('P1'), P2: make('P2'), P3: make('P3') }
    const { account, partition, region } = Stack.of(this)
    for (const severity of SEVERITIES) {
      const topic = this.of[severity]
      // A policy of one's own takes the place of the default one, which lets the account's alarms in.
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
          },
        }),
      )
      for (const endpoint of config[AUDIENCES[severity]]) this.subscribe(severity, endpoint)
    }
  }

  private subscribe(severity: Severity, endpoint: string): void {
    // Named for the endpoint and not for its place: when places shift, CloudFormation makes the new before it deletes the old, and
    // SNS, which knows an endpoint once, would end up without it.
    const of = createHash('sha256').update(endpoint).digest('hex').slice(0, 8)
    const subscription = new Subscription(this, `${NAMES[severity]}-${of}`, {
      topic: this.of[severity],
      protocol: endpoint.startsWith('https:') ? SubscriptionProtocol.HTTPS : SubscriptionProtocol.EMAIL,
      endpoint,
    })
    acknowledge(subscription, 'Serverless-SNSRedrivePolicy')
  }
}
