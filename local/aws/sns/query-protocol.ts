import type { Reply } from '../call.ts'
import { AwsError } from '../json-protocol.ts'

/** What an answer holds: texts, lists of the like (`<member>`), and maps as SNS writes them (`<entry>`). */
export type Answer = { [name: string]: string | readonly Answer[] | ReadonlyMap<string, string> }

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

function xml(answer: Answer): string {
  return Object.entries(answer)
    .map(([name, value]) => `<${name}>${content(value)}</${name}>`)
    .join('')
}

function content(value: Answer[string]): string {
  if (typeof value === 'string') return escaped(value)
  if (value instanceof Map)
    return [...value]
      .map(([key, of]) => `<entry><key>${escaped(key)}</key><value>${escaped(of)}</value></entry>`)
      .join('')
  return Array.isArray(value) ? value.map((each) => `<member>${xml(each)}</member>`).join('') : ''
}

/** What is asked, from a form-encoded body. @throws AwsError MissingAction */
export function readQuery(text: string): { action: string; parameters: URLSearchParams } {
  const parameters = new URLSearchParams(text)
  const action = parameters.get('Action')
  if (action === null) throw new AwsError('MissingAction', 'The request names no Action.')
  return { action, parameters }
}

const HEADERS = { 'content-type': 'text/xml' }
const METADATA = '<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata>'

export const queryReply = (action: string, answer: Answer): Reply => ({
  status: 200,
  headers: HEADERS,
  body: `<${action}Response><${action}Result>${xml(answer)}</${action}Result>${METADATA}</${action}Response>`,
})

/** A refusal on the wire. Whatever is no `AwsError` is a fault of the stack itself. */
export function queryRefusal(thrown: unknown): Reply {
  const error =
    thrown instanceof AwsError
      ? thrown
      : new AwsError('InternalError', thrown instanceof Error ? thrown.message : String(thrown), 500)
  const whose = error.status < 500 ? 'Sender' : 'Receiver'
  const body = xml({ Type: whose, Code: error.code, Message: error.message })
  return {
    status: error.status,
    headers: HEADERS,
    body: `<ErrorResponse><Error>${body}</Error><RequestId>local</RequestId></ErrorResponse>`,
  }
}
