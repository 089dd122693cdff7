import { Temporal } from 'temporal-polyfill'
import { templateError } from '../errors.ts'

/** When something is due. */
export type Expression =
  | { kind: 'rate'; everyMs: number }
  /** Milliseconds since 1970. */
  | { kind: 'at'; at: number }
  | {
      kind: 'cron'
      minutes: Field
      hours: Field
      /** Undefined for `?`: then the days of the week decide, and the other way round. */
      days: Field | undefined
      months: Field
      /** 1 is Sunday. */
      weekdays: Field | undefined
      years: Field
      /** Whose clocks it goes by: an IANA name. */
      timeZone: string
    }

export type Cron = Extract<Expression, { kind: 'cron' }>

/** The allowed values of one part of a cron expression. */
type Field = ReadonlySet<number>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/**
 * Reads `rate(...)`, `cron(...)` or `at(...)` as EventBridge writes them.
 *
 * @param timeZone of `cron` and `at`; a rule of a bus knows no other than UTC
 * @throws StackError for what EventBridge would refuse, and for `L`, `W` and `#`, which are not supported here.
 */
export function parseExpression(text: string, where: string, timeZone = 'UTC'): Expression {
  const [, name, inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text.trim()) ?? []
  const refuse = (why: string) => templateError(where, `the schedule ${text} ${why}`)
  if (!isTimeZone(timeZone)) throw refuse(`has the time zone ${timeZone}, which is none`)
  switch (name) {
    case 'rate':
      return parseRate(inner, refuse)
    case 'at': {
      if (Number.isNaN(Date.parse(`${inner}Z`))) throw refuse('has no time that can be read')
      return { kind: 'at', at: Temporal.PlainDateTime.from(inner).toZonedDateTime(timeZone).epochMilliseconds }
    }
    case 'cron':
      return { ...parseCron(inner, refuse), timeZone }
    default:
      throw refuse('is neither rate(), cron() nor at()')
  }
}

type Refuse = (why: string) => Error

function parseRate(inner: string, refuse: Refuse): Expression {
  const [, digits, unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inner) ?? []
  const ms = UNITS[unit]
  if (!digits || !ms) throw refuse('is not a rate such as rate(5 minutes)')
  // EventBridge wants the singular for one and the plural for more, and refuses the rest.
  if ((digits === '1') === (plural === 's')) throw refuse('mixes singular and plural')
  return { kind: 'rate', everyMs: Number(digits) * ms }
}

function parseCron(inner: string, refuse: Refuse): Omit<Cron, 'timeZone'> {
  const parts = inner.trim().split(/\s+/)
  if (parts.length !== 6) throw refuse('needs six fields')
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = parts
  if ((days === '?') === (weekdays === '?')) throw refuse('needs ? for exactly one of day of month and day of week')
  return {
    kind: 'cron',
    minutes: parseField(minutes, 0, 59, [], refuse),
    hours: parseField(hours, 0, 23, [], refuse),
    days: days === '?' ? undefined : parseField(days, 1, 31, [], refuse),
    months: parseField(months, 1, 12, MONTHS, refuse),
    weekdays: weekdays === '?' ? undefined : parseField(weekdays, 1, 7, WEEKDAYS, refuse),
    years: parseField(years, 1970, 2199, [], refuse),
  }
}

/** `*`, `5`, `MON`, `1-5`, `0/15`, and lists of these. */
function parseField(text: string, min: number, max: number, names: string[], refuse: Refuse): Field {
  const number = (word: string): number => {
    const index = names.indexOf(word.toUpperCase())
    const value = index >= 0 ? index + min : /^\d+$/.test(word) ? Number(word) : Number.NaN
    if (!(value >= min && value <= max)) throw refuse(`has ${word}, which is not supported in its place`)
    return value
  }
  const range = (part: string): [number, number] => {
    if (part === '*') return [min, max]
    const [from = '', to] = part.split('-')
    return [number(from), number(to ?? from)]
  }
  const values = text.split(',').flatMap((part) => {
    const [base = '', step] = part.split('/')
    const [from, to] = range(base)
    if (step === undefined) return sequence(from, to, 1)
    if (!/^[1-9]\d*$/.test(step)) throw refuse(`has the step ${step}`)
    return sequence(from, base.includes('-') ? to : max, Number(step))
  })
  if (values.length === 0) throw refuse(`has ${text}, which is never`)
  return new Set(values)
}

function sequence(from: number, to: number, step: number): number[] {
  const values: number[] = []
  for (let value = from; value <= to; value += step) values.push(value)
  return values
}
