import { redaction } from '../../core/platform/log.ts'
import type { Quarantined } from '../../core/quarantine/quarantined.ts'
import { surveyQuarantine } from '../../core/quarantine/survey.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { pairsText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { queuesOf } from './look.ts'
import { forJson, resourceText } from './texts.ts'

export type ShowOptions = { json: boolean; utc: boolean; look: number; comments: boolean }

/** One message whole; what looks like a secret is hidden, and so are the texts of comments unless they are asked for. */
export async function showQuarantined(io: Io, target: Target, id: string, options: ShowOptions): Promise<void> {
  const survey = await surveyQuarantine(await queuesOf(target), {
    most: options.look,
    until: (message) => message.id === id,
  })
  const found = survey.messages.find((message) => message.id === id)
  if (found === undefined)
    throw new Failure(
      `No message ${plain(id)} was seen in the quarantine: npx hookline quarantine list --each names those that are there.`,
    )
  const body = bodyOf(found, options)
  if (options.json) return writeJson(io, { ...forJson(found), body })
  const style = { now: io.now(), utc: options.utc }
  const time = (ms: number | null) => (ms === null ? 'not known' : timeText(ms, style))
  const pairs: [string, string][] = [
    ['class', plain(found.class)],
    ['reason', plain(found.reason)],
    ['came in', time(found.firstSeen)],
    ['sent', time(found.sentAt)],
    ['attempts', String(found.attempts ?? 'not known')],
    ['connection', found.connection ?? 'not known'],
    ['encoding', found.message?.encoding ?? 'none of ours'],
    ['event', plain(found.event ?? 'not known')],
    ['what', plain(resourceText(found)) || 'not known'],
  ]
  io.write(pairsText(pairs, { width: io.columns, paint: painter(io.colours) }))
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  io.write(`\n${text.split('\n').map(plainLine).join('\n')}\n`)
}

/** Indented as it is, and harmless to the terminal. */
const plainLine = (line: string) => `${/^ */.exec(line)?.[0] ?? ''}${plain(line)}`

const HIDDEN_COMMENT = '(hidden, see --comments)'

function bodyOf({ body, message }: Quarantined, { comments }: ShowOptions): unknown {
  const text = message === null || message.text === '' ? body : message.text
  const { value } = redaction()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // It may be a comment as well as anything else.
    return comments ? redaction().text(text) : `${text.length} characters that are no JSON ${HIDDEN_COMMENT}`
  }
  return value(comments ? json : withoutComments(json))
}

/** ClickUp carries a comment's text as `text_content`, and its parts as a list of that name. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      const isText = key === 'text_content' || key === 'comment_text' || (key === 'comment' && Array.isArray(each))
      return [key, isText ? HIDDEN_COMMENT : withoutComments(each)]
    }),
  )
}
