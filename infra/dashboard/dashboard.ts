import { Stack } from 'aws-cdk-lib'
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { alarmsOf, partsOf } from '../alarms/index.ts'
import { alarmName, dashboardName } from '../alarms/names.ts'
import type { Watched } from '../alarms/watch.ts'
import type { Config } from '../config.ts'
import { HooklineFunction } from '../constructs/hookline-function.ts'
import { bodyOf } from './body.ts'

export type DashboardProps = {
  config: Pick<Config, 'stage' | 'alarms' | 'standup'>
  watched: Watched
  apiId: string
}

/** The one dashboard of a stage: whether anything is wrong, the way of a change from left to right, ClickUp, and the bill. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { config, watched, apiId }: DashboardProps) {
    super(scope, id)
    const { stage, alarms } = config
    const stack = Stack.of(this)
    const functions = functionsOf(stack).map(({ name, function: { functionName }, logGroup, memoryMb }) => ({
      ...{ name, functionName, memoryMb, logGroupName: logGroup.logGroupName },
    }))
    const { region, account, partition } = stack
    const parts = partsOf(config)
    const rows = alarms.enabled ? alarmsOf(parts) : []
    const body = bodyOf({
      ...{ stage, region, watched, apiId, functions, parts, thresholds: alarms.thresholds },
      alarms: rows.map(
        ({ name }) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName(stage, name)}`,
      ),
    })
    new CfnDashboard(this, 'Dashboard', {
      dashboardName: dashboardName(stage),
      dashboardBody: stack.toJsonString(body),
    })
  }
}

/** Every function of a stack, in the order in which they were made. */
export const functionsOf = (stack: Stack): HooklineFunction[] =>
  stack.node.findAll().filter((one) => one instanceof HooklineFunction)
