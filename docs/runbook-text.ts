/** The words of the runbook, from the rows of the alarms and the saved queries. */
import type { AlarmRow, Severity, Signal, Unit } from '../infra/alarms/alarm.ts'
import { AUDIENCES, anchorOf } from '../infra/alarms/names.ts'
import type { SavedQuery } from '../infra/queries/query.ts'

export type Topic = { title: string; rows: readonly AlarmRow[] }

const WHEN = {
  P1: 'somebody is called, at any hour',
  P2: 'somebody looks within working hours',
  P3: 'a note: nothing to do at once',
} as const satisfies Record<Severity, string>

/** Its part between the comments that stand in `docs/runbook.md`. */
export function runbookText(topics: readonly Topic[], queries: readonly SavedQuery[]): string {
  return [
    '## All alarms',
    severities(),
    ...topics.map(({ title, rows }) => [`**${title}**`, table(rows)].join('\n\n')),
    ...topics.flatMap(({ title, rows }) => [`## ${title}`, ...rows.map((row) => section(row, queries))]),
    '## Saved queries',
    'In the console under Logs Insights, Saved queries, `hookline/STAGE`. What stands in capitals is filled in.',
    ...queries.map(queryText),
  ].join('\n\n')
}

const severities = () =>
  [
    '| severity | means | told |',
    '|---|---|---|',
    ...Object.entries(WHEN).map(([severity, means]) => `| ${severity} | ${means} | ${toldOf(severity)} |`),
  ].join('\n')

const toldOf = (severity: string) =>
  Object.entries(AUDIENCES)
    .filter(([each]) => each === severity)
    .map(([, audience]) => `\`alarms.${audience}\``)
    .join()

const table = (rows: readonly AlarmRow[]) =>
  [
    '| alarm | | watched | rings at |',
    '|---|---|---|---|',
    ...rows.map(
      (row) => `| [${row.name}](#${anchorOf(row.name)}) | ${row.severity} | ${cell(row.watched)} | ${ringsAt(row)} |`,
    ),
  ].join('\n')

const cell = (text: string) => text.replaceAll('|', '\\|')

/** "> 5 % for 2 × 5 min" */
function ringsAt({ comparison, threshold, unit, periods, bad = periods, periodSeconds }: AlarmRow): string {
  const period = timeText(periodSeconds)
  const lasting = bad < periods ? `in ${bad} of ${periods} × ${period}` : `for ${periods} × ${period}`
  return `${SIGNS[comparison]} ${amountText(threshold, unit)} ${periods === 1 ? `in ${period}` : lasting}`
}

const SIGNS = { '>': '>', '>=': '≥', '<': '<', '<=': '≤' } as const satisfies Record<AlarmRow['comparison'], string>

function section(row: AlarmRow, queries: readonly SavedQuery[]): string {
  const { causes, steps, queries: named = [] } = row.runbook
  const links = named.map((name) => {
    const { question } = queries.find((query) => query.name === name) ?? {}
    if (question === undefined) throw new Error(`${row.name}: there is no saved query ${name}`)
    return `- [\`${name}\`](#${anchorOf(name)}): ${question}`
  })
  return [
    `### ${row.name}`,
    `**${row.severity}.** ${row.impact}`,
    `Rings at **${ringsAt(row)}**: ${row.watched}. ${computed(row)} No data: \`${row.missing.treat}\`. ${row.missing.why}`,
    '**Likely causes**',
    causes.map((cause) => `- ${cause}`).join('\n'),
    '**What to do**',
    steps.map((step, i) => `${i + 1}. ${step}`).join('\n'),
    ...(links.length > 0 ? ['**Saved queries**', links.join('\n')] : []),
  ].join('\n\n')
}

/** What is computed of what, so that one finds it in the console. */
function computed({ watches }: AlarmRow): string {
  if (watches.kind === 'signal') return `Metric: ${metricText(watches.signal)}.`
  const signals = Object.entries(watches.signals).map(([id, signal]) => `\`${id}\` = ${metricText(signal)}`)
  return `Metric: \`${watches.expression}\` with ${signals.join(', ')}.`
}

const metricText = (signal: Signal) =>
  signal.kind === 'ours'
    ? `\`${signal.metric}\` (${signal.statistic})`
    : `\`${signal.namespace}\` \`${signal.metric}\` of ${signal.index === undefined ? '' : `the index \`${signal.index}\` of `}the ${wordsOf(signal.of)} (${signal.statistic})`

/** `deliveriesQueue` as words. */
const wordsOf = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function amountText(amount: number, unit: Unit): string {
  if (unit === 'percent') return `${amount} %`
  if (unit === 'milliseconds') return timeText(amount / 1000)
  return unit === 'seconds' ? timeText(amount) : String(amount)
}

/** Seconds in the largest unit that they are whole ones of. */
function timeText(seconds: number): string {
  for (const [unit, size] of [
    ['days', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const)
    if (seconds >= size && seconds % size === 0 && !(unit === 'days' && seconds === size))
      return `${seconds / size} ${unit}`
  return `${seconds} s`
}

const queryText = ({ name, question, logsOf, query }: SavedQuery) =>
  [
    `### ${name}`,
    `${question} (${logsOf === 'all' ? 'all logs' : `logs of ${logsOf.join(', ')}`})`,
    `\`\`\`text\n${query}\n\`\`\``,
  ].join('\n\n')
