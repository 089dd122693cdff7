import * as z from 'zod'
import { ALARM_STATES } from './alarm.ts'

const name = z.string().min(1).max(255)

export const describeAlarmsSchema = z.looseObject({
  AlarmNames: z.array(name).max(100).optional(),
  AlarmNamePrefix: name.optional(),
  AlarmTypes: z.array(z.string()).optional(),
  StateValue: z.enum(ALARM_STATES).optional(),
  ActionPrefix: z.string().min(1).optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().regex(/^\d+$/).optional(),
})

export const setAlarmStateSchema = z.looseObject({
  AlarmName: name,
  StateValue: z.enum(ALARM_STATES),
  StateReason: z.string().max(1023),
})

export const alarmNamesSchema = z.looseObject({ AlarmNames: z.array(name).max(100) })

const metricSchema = z.looseObject({
  Namespace: name,
  MetricName: name,
  Dimensions: z.array(z.looseObject({ Name: name, Value: z.string() })).default([]),
})

const period = z.number().int().min(60).multipleOf(60)
const querySchema = z.looseObject({
  Id: z.string().regex(/^[a-z]\w*$/),
  Expression: z.string().min(1).optional(),
  MetricStat: z.looseObject({ Metric: metricSchema, Period: period, Stat: z.string() }).optional(),
  Period: period.optional(),
  ReturnData: z.boolean().default(true),
  Label: z.string().optional(),
})
/** Times are in seconds since 1970, as the protocol has them. */
export const getMetricDataSchema = z.looseObject({
  MetricDataQueries: z.array(querySchema).min(1).max(500),
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
})
export type GetMetricData = z.infer<typeof getMetricDataSchema>
