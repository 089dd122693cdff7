import type { Home } from '../call.ts'
import type { AlarmDefinition, AlarmState } from './alarm.ts'

export type AlarmChange = {
  alarm: AlarmDefinition
  from: AlarmState
  to: AlarmState
  reason: string
  /** ms since 1970 */
  at: number
}

/** What a topic gets of an alarm that has changed its state, in CloudWatch's own form. */
export function notification({ alarm, from, to, reason, at }: AlarmChange, { account, region }: Home) {
  return {
    subject: `${to}: "${alarm.name}" in ${region}`.slice(0, 100),
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: alarm.description,
      AWSAccountId: account,
      NewStateValue: to,
      NewStateReason: reason,
      StateChangeTime: new Date(at).toISOString(),
      Region: region,
      AlarmArn: alarm.arn,
      OldStateValue: from,
      OKActions: alarm.actions.OK,
      AlarmActions: alarm.actions.ALARM,
      InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    }),
  }
}
