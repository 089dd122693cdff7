import type { Aggregate, Command, Condition } from './parse.ts'

type Scalar = string | number | boolean
/** A line of a log as Insights sees it: nested fields by their path, elements of a list by their number. */
export type Event = Readonly<Record<string, Scalar>>

/** Every field of a line, those among them that are null and so none to Insights. */
export const fieldsOfLine = (line: Record<string, unknown>): string[] => Object.keys(flat(line, '', 'null'))

/** A line as an event, with what Insights adds to each. */
export function eventOf(line: Record<string, unknown>, { at, log }: { at: number; log: string }): Event {
  return { ...flat(line), '@timestamp': at, '@message': JSON.stringify(line), '@log': log }
}

function flat(value: Record<string, unknown>, path = '', none?: string): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, Scalar][] => {
      const at = `${path}${key}`
      if (each === null || each === undefined) return none === undefined ? [] : [[at, none]]
      if (typeof each === 'object') return Object.entries(flat({ ...each }, `${at}.`, none))
      return typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? [[at, each]] : []
    }),
  )
}

/** The rows that a query gives. */
export function run(commands: readonly Command[], events: readonly Event[]): Event[] {
  let rows = [...events]
  for (const command of commands) {
    switch (command.kind) {
      case 'fields':
        break
      case 'filter':
        rows = rows.filter((row) => holds(command.condition, row))
        break
      case 'stats':
        rows = grouped(rows, command)
        break
      case 'sort':
        rows = rows.toSorted((a, b) => (command.descending ? -1 : 1) * compare(a[command.by], b[command.by]))
        break
      case 'limit':
        rows = rows.slice(0, command.count)
    }
  }
  return rows
}

const compare = (a: Scalar | undefined, b: Scalar | undefined): number =>
  a === b ? 0 : (a ?? Number.NEGATIVE_INFINITY) < (b ?? Number.NEGATIVE_INFINITY) ? -1 : 1

function holds(condition: Condition, row: Event): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.both.every((one) => holds(one, row))
    case 'or':
      return condition.both.some((one) => holds(one, row))
    case 'not':
      return !holds(condition.one, row)
    case 'present':
      return row[condition.field] !== undefined
    case 'like':
      return condition.pattern.test(String(row[condition.field] ?? ''))
    case 'in':
      return condition.values.some((value) => equals(row[condition.field], value)) !== condition.negated
    case 'compare': {
      const given = row[condition.field]
      const { operator, value } = condition
      if (operator === '=') return equals(given, value)
      if (operator === '!=') return !equals(given, value)
      // What is not there is neither more nor less; text that is a number is compared as one.
      const number = given === undefined ? Number.NaN : Number(given)
      const than = Number(value)
      return operator === '<'
        ? number < than
        : operator === '<='
          ? number <= than
          : operator === '>'
            ? number > than
            : number >= than
    }
  }
}

const equals = (given: Scalar | undefined, value: string | number) =>
  given !== undefined && String(given) === String(value)

function grouped(rows: readonly Event[], { aggregates, by, binSeconds }: Extract<Command, { kind: 'stats' }>): Event[] {
  const bin = (row: Event) =>
    binSeconds === null ? 0 : Math.floor(Number(row['@timestamp']) / 1000 / binSeconds) * binSeconds * 1000
  const groups = Map.groupBy(rows, (row) => JSON.stringify([bin(row), ...by.map((name) => row[name] ?? null)]))
  return [...groups.values()].map((its) => {
    const [first = {}] = its
    return {
      ...Object.fromEntries(by.flatMap((name) => (first[name] === undefined ? [] : [[name, first[name]]]))),
      ...Object.fromEntries(aggregates.map((aggregate) => [aggregate.as, aggregated(aggregate, its)])),
    }
  })
}

function aggregated({ fn, field, share }: Aggregate, rows: readonly Event[]): number {
  if (field === null) return rows.length
  const values = rows.flatMap((row) => (row[field] === undefined ? [] : [Number(row[field])])).sort((a, b) => a - b)
  switch (fn) {
    case 'count':
      return values.length
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0)
    case 'avg':
      return values.reduce((sum, value) => sum + value, 0) / values.length
    case 'min':
      return values[0] ?? Number.NaN
    case 'max':
      return values.at(-1) ?? Number.NaN
    case 'pct':
      return values[Math.min(values.length - 1, Math.floor((values.length * share) / 100))] ?? Number.NaN
  }
}
