import type { Clock } from '../../../core/platform/clock.ts'
import type { JsonObject, ServiceHandler } from '../call.ts'
import { AwsError, jsonReply, parseInput } from '../json-protocol.ts'
import { describeAlarm } from './answers.ts'
import { getMetricData, refusingMath } from './metric-data.ts'
import { alarmNamesSchema, describeAlarmsSchema, getMetricDataSchema, setAlarmStateSchema } from './requests.ts'
import type { createCloudWatch, KnownAlarm } from './service.ts'

/** CloudWatch over the wire: alarms and their states, and what metrics were. Nothing is made here: that is the template's. */
export function cloudWatchHandler(service: ReturnType<typeof createCloudWatch>, clock: Clock): ServiceHandler {
  function describeAlarms(body: JsonObject): JsonObject {
    const asked = parseInput(describeAlarmsSchema, body)
    const isAsked = ({ alarm, state }: KnownAlarm) =>
      (asked.AlarmNames?.includes(alarm.name) ?? true) &&
      alarm.name.startsWith(asked.AlarmNamePrefix ?? '') &&
      (asked.StateValue === undefined || asked.StateValue === state) &&
      (asked.ActionPrefix === undefined || actionsOf(alarm).some((arn) => arn.startsWith(asked.ActionPrefix ?? '')))
    const wantsMetric = asked.AlarmTypes?.includes('MetricAlarm') ?? true
    const found = wantsMetric ? service.alarms().filter(isAsked) : []
    const from = Number(asked.NextToken ?? 0)
    const until = from + asked.MaxRecords
    return {
      MetricAlarms: found.slice(from, until).map(describeAlarm),
      CompositeAlarms: [],
      ...(until < found.length && { NextToken: String(until) }),
    }
  }

  /** @throws AwsError ResourceNotFound */
  function known(name: string): KnownAlarm {
    const found = service.alarms().find(({ alarm }) => alarm.name === name)
    if (found === undefined) throw new AwsError('ResourceNotFound', `The alarm ${name} does not exist.`, 404)
    return found
  }

  function enableActions(body: JsonObject, enabled: boolean): JsonObject {
    for (const name of parseInput(alarmNamesSchema, body).AlarmNames) {
      const one = known(name)
      one.alarm = { ...one.alarm, actionsEnabled: enabled }
    }
    return {}
  }

  /** Holds until the alarm is looked at again, as on AWS. */
  function setState(body: JsonObject): JsonObject {
    const { AlarmName, StateValue, StateReason } = parseInput(setAlarmStateSchema, body)
    const one = known(AlarmName)
    if (one.state !== StateValue) service.change(one, StateValue, StateReason, clock.now())
    return {}
  }

  function listMetrics(): JsonObject {
    const metrics = service.store.metrics().map(({ namespace: Namespace, name: MetricName, dimensions }) => ({
      ...{ Namespace, MetricName },
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }))
    return { Metrics: metrics }
  }

  return async ({ operation, body }) => {
    switch (operation) {
      case 'DescribeAlarms':
        return jsonReply('cloudwatch', describeAlarms(body))
      case 'GetMetricData':
        return jsonReply(
          'cloudwatch',
          refusingMath(() => getMetricData(service.store, parseInput(getMetricDataSchema, body))),
        )
      case 'ListMetrics':
        return jsonReply('cloudwatch', listMetrics())
      case 'SetAlarmState':
        return jsonReply('cloudwatch', setState(body))
      case 'EnableAlarmActions':
        return jsonReply('cloudwatch', enableActions(body, true))
      case 'DisableAlarmActions':
        return jsonReply('cloudwatch', enableActions(body, false))
      default:
        throw new AwsError('UnknownOperationException', `${operation} is not supported by the local stack.`)
    }
  }
}

const actionsOf = ({ actions }: KnownAlarm['alarm']) => [...actions.OK, ...actions.ALARM, ...actions.INSUFFICIENT_DATA]
