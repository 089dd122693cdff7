import { Stack } from 'aws-cdk-lib'
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { Config } from '../config.ts'
import { acknowledge } from '../nag.ts'
import { CODE_DEPLOY } from '../rights.ts'

/** CodeDeploy's own names: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const SHIFTS = {
  canary: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
  'all-at-once': 'CodeDeployDefault.LambdaAllAtOnce',
} as const satisfies Record<Config['deploy']['verifier'], string>

export type TrafficShiftProps = {
  /** Of the application and of its one deployment group. */
  name: string
  how: Config['deploy']['verifier']
  /** Whose alias is moved. */
  shifted: LambdaFunction
  /** Name of the alias. */
  alias: string
  /** Asked before the alias moves. */
  hook: LambdaFunction
  /** Names of the alarms that stop a canary and take it back. */
  alarms: readonly string[]
}

/**
 * CodeDeploy's side of a release: which part of the traffic when, what takes it back, and a role that may move this alias,
 * call this hook and read alarms. AWS's own policy for the purpose may move every alias of the account.
 */
export class TrafficShift extends Construct {
  readonly application: CfnApplication
  readonly group: CfnDeploymentGroup

  constructor(scope: Construct, id: string, { name, how, shifted, alias, hook, alarms }: TrafficShiftProps) {
    super(scope, id)
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') })
    const allow = (actions: readonly string[], ...resources: string[]) =>
      role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources }))
    allow(CODE_DEPLOY.alias, shifted.functionArn, `${shifted.functionArn}:${alias}`)
    allow(CODE_DEPLOY.hook, hook.functionArn)
    // CloudWatch judges this right by `alarm:*`, whichever alarms are asked for.
    const { partition, region, account } = Stack.of(this)
    allow(CODE_DEPLOY.alarms, `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`)
    const policy = role.node.findChild('DefaultPolicy')
    acknowledge(
      policy,
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]',
    )

    this.application = new CfnApplication(this, 'Application', { applicationName: name, computePlatform: 'Lambda' })
    const watched = how === 'canary' ? alarms : []
    this.group = new CfnDeploymentGroup(this, 'Group', {
      applicationName: this.application.ref,
      deploymentGroupName: name,
      serviceRoleArn: role.roleArn,
      deploymentConfigName: SHIFTS[how],
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      alarmConfiguration: { enabled: watched.length > 0, alarms: watched.map((each) => ({ name: each })) },
      autoRollbackConfiguration: {
        enabled: true,
        events: [
          'DEPLOYMENT_FAILURE',
          'DEPLOYMENT_STOP_ON_REQUEST',
          ...(watched.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
        ],
      },
    })
    // CodeDeploy tries its role when the group is made.
    this.group.node.addDependency(policy)
  }
}
