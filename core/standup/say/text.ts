import type { NoModel, Section, Summary } from '../statement.ts'
import { SECTIONS } from '../statement.ts'
import { oneLine, shown, type TextStyle } from './harmless.ts'
import type { Names } from './names.ts'
import { HEADINGS } from './sections.ts'
import { counted } from './sentences.ts'
import { fullTimeText } from './times.ts'

/** A comment has room for a last line of its own below 8,000 characters. */
export const MOST_OF_TEXT = 7_800

/** What goes first when there is no room. */
const LEAST: readonly Section[] = ['people', 'new', 'progress', 'priorities', 'done', 'blockers']

type Item = { section: Section; line: string }

/**
 * A summary as people read it: what it is about and since when, the statements by section, what limits it, and who has said it. In a
 * comment what does not fit is left out by whole statements, and counted.
 */
export function summaryText(summary: Summary, names: Names, style: TextStyle): string {
  const all = SECTIONS.flatMap((section) =>
    summary.statements
      .filter((statement) => statement.section === section)
      .map(({ text }) => ({ section, line: statementText(text, names, style) })),
  )
  const written = (items: readonly Item[]) => compose(summary, items, { style, cut: all.length - items.length })
  let items = all
  let text = written(items)
  while (style === 'plain' && text.length > MOST_OF_TEXT && items.length > 0) {
    items = withoutLeast(items, text.length - MOST_OF_TEXT)
    text = written(items)
  }
  return text
}

/** Without the last items of the sections that matter least, so many that about this many characters are gone. */
function withoutLeast(items: readonly Item[], characters: number): Item[] {
  const kept = [...items]
  let gone = 0
  for (const section of LEAST) {
    for (let i = kept.length - 1; i >= 0 && gone < characters; i -= 1) {
      if (kept[i]?.section !== section) continue
      gone += (kept[i]?.line.length ?? 0) + 3
      kept.splice(i, 1)
    }
  }
  return kept
}

/** One statement as people read it. Names come in last and once: nothing in one is read as anything. */
export function statementText(text: string, names: Names, style: TextStyle): string {
  // What is split by a pattern with two groups comes as text, kind, id, text, kind, id, text.
  const parts = oneLine(text, MOST_OF_TEXT).split(/\{(task|person):([^{}]+)\}/)
  return parts
    .map((part, i) => {
      if (i % 3 === 0) return shown(part, style)
      if (i % 3 === 1) return ''
      return parts[i - 1] === 'task' ? `“${shown(names.task(part), style)}”` : shown(names.person(part), style)
    })
    .join('')
}

type Form = { style: TextStyle; cut: number }

function compose(summary: Summary, items: readonly Item[], { style, cut }: Form): string {
  const blocks = SECTIONS.flatMap((section) => {
    const lines = items
      .filter((item) => item.section === section)
      .map(({ line }) => `${style === 'markdown' ? '-' : '•'} ${line}`)
    return lines.length === 0
      ? []
      : [[style === 'markdown' ? `### ${HEADINGS[section]}\n` : HEADINGS[section], ...lines]]
  })
  const missing = cut === 0 ? [] : [`${counted(cut, 'statement')} more did not fit here.`]
  return [[head(summary, style)], ...blocks, [...missing, ...summary.notes, foot(summary, style)]]
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** A summary without an end of its own time zone would say nothing of when. */
function head({ about, span }: Summary, style: TextStyle): string {
  const [from, until] = [fullTimeText(span.from, span.timeZone), fullTimeText(span.until, span.timeZone)]
  const text = `${shown(oneLine(about, 200), style)}: what happened from ${from} to ${until} (${shown(span.timeZone, style)})`
  return style === 'markdown' ? `**${text}**` : text
}

/** Who has said it, and what was done to what was said. */
function foot({ by, removed, added, watermark, span }: Summary, style: TextStyle): string {
  const total = Object.values(removed).reduce((sum, count) => sum + count, 0)
  const of = (text: string) => shown(text, style)
  const told =
    by.kind === 'model'
      ? `Told by ${of(by.model)} (${of(by.provider)}) under the prompt ${of(by.prompt)}`
      : `Told by template${WHY[by.why] === '' ? '' : `, because ${WHY[by.why]}`}`
  const checked = [
    ...(total > 0
      ? [
          `${counted(total, 'statement')} of the model ${total === 1 ? 'was' : 'were'} removed, as the data did not bear ${total === 1 ? 'it' : 'them'} out`,
        ]
      : []),
    ...(added > 0
      ? [`${counted(added, 'fact')} that the model had left out ${added === 1 ? 'was' : 'were'} added by template`]
      : []),
  ]
  const fresh = watermark === null ? [] : [`The data is complete up to ${fullTimeText(watermark, span.timeZone)}`]
  return [told, ...checked, ...fresh].map((sentence) => `${sentence}.`).join(' ')
}

const WHY: Readonly<Record<NoModel, string>> = {
  notAsked: 'no model was to be asked',
  notConfigured: 'no model is configured',
  capReached: 'the models have cost as much as they may',
  noKey: "the model's key is missing",
  denied: 'the model was denied',
  rateLimited: 'the model had too much to do',
  timeout: 'the model did not answer in time',
  unavailable: 'the model could not be reached',
  malformed: "the model's answer could not be read",
  nothingLeft: 'nothing that the model said was borne out by the data',
  nothingHappened: '',
}
