import { Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { AlarmRow } from './alarm.ts'
import { anchorOf, dashboardName } from './names.ts'

/**
 * What somebody reads on the phone at night: first what it means, then where to look, last why no data means what it does.
 * CloudWatch takes 1,024 characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function descriptionOf(row: AlarmRow, scope: IConstruct, { stage, runbookUrl }: DescriptionContext): string {
  const { region } = Stack.of(scope)
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`
  return [
    row.impact,
    `Runbook: ${runbookUrl}#${anchorOf(row.name)}`,
    `Dashboard: ${console}#dashboards/dashboard/${dashboardName(stage)}`,
    `Logs: ${console}#logsV2:logs-insights`,
    `No data is treated as ${row.missing.treat}: ${row.missing.why}`,
  ].join('\n')
}

export type DescriptionContext = { stage: string; runbookUrl: string }
