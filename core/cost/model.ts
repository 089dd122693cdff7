import { METRICS, MODEL_METRICS } from '../platform/metrics.ts'
import { ASSUMED, DEPLOYED, PER_DELIVERY, type PerDelivery } from './measured.ts'
import { PRICES } from './prices.ts'

/** What is to be paid for. */
export type Workload = {
  /** Deliveries that ClickUp sends, about two for each change. */
  eventsPerDay: number
  /** How many of them come in storms and are worked off together, from 0 to 1. */
  batchedShare: number
  /**
   * How many of them the connection's filter drops, from 0 to 1: they are checked and answered, and that is all.
   * @default 0
   */
  filteredShare?: number
  connections: number
  /** Days that logs are kept. */
  logDays: number
  /** Whether there is a KMS key of one's own. */
  ownKey: boolean
}

/** One line of the bill, in US$. */
export type Line = {
  name: string
  /** What it is made of, in words and numbers. */
  of: string
  perMonth: number
  /** For a million deliveries; null for what is to be paid without any. */
  perMillion: number | null
}

/** A bill for a month of thirty days, in US$. */
export type Cost = {
  variable: Line[]
  fixed: Line[]
  perMonth: number
  perMillion: number
  fixedPerMonth: number
  /** What the tables gain in a month: so much more is to be paid each month than in the one before, until the ledger forgets. */
  growth: { gb: number; perMonth: number }
  /** Calls to ClickUp a day: for deliveries, and for sweeps and censuses. */
  apiCalls: { perDay: number; ofSync: number }
}

const DAYS_A_MONTH = 30
const MILLION = 1e6
const GB = 1e9

export function costOf(workload: Workload): Cost {
  const each = averageOf(workload)
  const perMonth = workload.eventsPerDay * DAYS_A_MONTH
  const variable = variableOf(each, workload).map(({ name, of, cost }) => ({
    ...{ name, of },
    perMonth: cost * perMonth,
    perMillion: cost * MILLION,
  }))
  const fixed = fixedOf(workload).map((line) => ({ ...line, perMillion: null }))
  const gb = (each.changes * ASSUMED.storedBytesPerChange * perMonth) / GB
  const sum = (lines: readonly Line[]) => lines.reduce((total, line) => total + line.perMonth, 0)
  return {
    ...{ variable, fixed },
    perMonth: sum(variable) + sum(fixed),
    perMillion: variable.reduce((total, { perMillion }) => total + perMillion, 0),
    fixedPerMonth: sum(fixed),
    growth: { gb, perMonth: gb * PRICES.tableGbMonth },
    apiCalls: {
      perDay: each.apiCalls * workload.eventsPerDay,
      ofSync: ASSUMED.syncCallsPerDay * workload.connections,
    },
  }
}

function averageOf({ batchedShare, filteredShare = 0 }: Workload): PerDelivery {
  const { alone, batched, filtered } = PER_DELIVERY
  const mix = (name: keyof PerDelivery) =>
    (alone[name] * (1 - batchedShare) + batched[name] * batchedShare) * (1 - filteredShare) +
    filtered[name] * filteredShare
  return {
    changes: mix('changes'),
    queueRequests: mix('queueRequests'),
    consumerInvocations: mix('consumerInvocations'),
    consumerMs: mix('consumerMs'),
    apiCalls: mix('apiCalls'),
    writeUnits: mix('writeUnits'),
    readUnits: mix('readUnits'),
    logBytes: mix('logBytes'),
  }
}

const lambda = (times: number, ms: number, memoryMb: number) =>
  times * PRICES.lambdaRequest + (ms / 1000) * (memoryMb / 1024) * PRICES.lambdaGbSecond

/** What each delivery costs, by service, in US$. */
export function variableOf(each: PerDelivery, { logDays }: Pick<Workload, 'logDays'>) {
  const { memoryMb, verifierMs, consumerOwnMs } = ASSUMED
  const consumerMs = each.consumerMs + each.consumerInvocations * consumerOwnMs
  const logGb = each.logBytes / GB
  return [
    { name: 'HTTP API', of: 'one request', cost: PRICES.apiRequest },
    {
      name: 'verifier',
      of: `${memoryMb.verifier} MB, ${verifierMs} ms`,
      cost: lambda(1, verifierMs, memoryMb.verifier),
    },
    { name: 'SQS', of: `${text(each.queueRequests)} requests`, cost: each.queueRequests * PRICES.sqsRequest },
    {
      name: 'consumer',
      of: `${memoryMb.consumer} MB, ${text(each.consumerInvocations)} invocations, ${text(consumerMs)} ms in all`,
      cost: lambda(each.consumerInvocations, consumerMs, memoryMb.consumer),
    },
    {
      name: 'DynamoDB',
      of: `${text(each.writeUnits)} write and ${text(each.readUnits)} read units`,
      cost: each.writeUnits * PRICES.writeUnit + each.readUnits * PRICES.readUnit,
    },
    { name: 'EventBridge', of: `${text(each.changes)} events`, cost: each.changes * PRICES.event },
    {
      name: 'logs',
      of: `${text(each.logBytes / 1000)} KB, kept ${logDays} days`,
      cost: logGb * (PRICES.logGb + (PRICES.logGbMonth * logDays) / DAYS_A_MONTH),
    },
  ]
}

/** What is to be paid for each month, whether anything happens or not. */
function fixedOf({ connections, ownKey }: Workload): Omit<Line, 'perMillion'>[] {
  const { idlePollers, pollSeconds, queues, memoryMb } = ASSUMED
  const metrics = Object.keys(METRICS).length - MODEL_METRICS.length
  const secrets = connections * DEPLOYED.secretsPerConnection
  const polls = ((queues * idlePollers * 86_400) / pollSeconds) * DAYS_A_MONTH
  const syncMs = ASSUMED.syncCallsPerDay * ASSUMED.syncSecondsPerCall * 1000 * connections * DAYS_A_MONTH
  const runs = ASSUMED.watchRunsPerDay * DAYS_A_MONTH
  const lines = (ASSUMED.watchRunsPerDay + ASSUMED.syncCallsPerDay * connections) * DAYS_A_MONTH
  const keyRequests = (ASSUMED.keyRequestsPerDay + (ownKey ? ASSUMED.ownKeyRequestsPerDay : 0)) * DAYS_A_MONTH
  return [
    { name: 'metrics', of: `${metrics} at the most`, perMonth: metrics * PRICES.metricMonth },
    {
      name: 'alarms',
      of: `on ${DEPLOYED.alarmMetrics} metrics`,
      perMonth: DEPLOYED.alarmMetrics * PRICES.alarmMonth,
    },
    { name: 'dashboard', of: 'one', perMonth: DEPLOYED.dashboards * PRICES.dashboardMonth },
    { name: 'secrets', of: `${secrets}, two of a connection`, perMonth: secrets * PRICES.secretMonth },
    { name: 'polling', of: `${queues} queues, by Lambda, while they are empty`, perMonth: polls * PRICES.sqsRequest },
    {
      name: 'sync, guard, pulse',
      of: 'sweeps, censuses and looks at the webhooks',
      perMonth:
        lambda(0, syncMs, memoryMb.sync) +
        lambda(runs, runs * ASSUMED.watchSeconds * 1000, memoryMb.watch) +
        ((lines * ASSUMED.watchLogBytes) / GB) * PRICES.logGb,
    },
    {
      name: 'KMS',
      of: ownKey ? 'a key of your own, and its use' : "use of the account's keys",
      perMonth: keyRequests * PRICES.keyRequest + (ownKey ? PRICES.keyMonth : 0),
    },
  ]
}

/** A number with as many digits as it is known to. */
const text = (value: number) => String(Number(value.toPrecision(2)))
