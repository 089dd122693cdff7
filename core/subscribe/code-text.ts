/** Names that a piece of code takes from a module. */
export type Part = { from: string; names: readonly string[] }

const WIDTH = 110
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** A value as TypeScript, over several lines where one would be long; `{code}` stands for itself. */
export function literal(value: unknown, indent = 0): string {
  const short = inline(value)
  if (short.length + indent <= WIDTH && !short.includes('\n')) return short
  const inner = ' '.repeat(indent + 2)
  const outer = ' '.repeat(indent)
  if (Array.isArray(value))
    return `[\n${value.map((each) => `${inner}${literal(each, indent + 2)},\n`).join('')}${outer}]`
  const members = membersOf(value)
  if (members === null) return short
  return `{\n${members.map(([key, each]) => `${inner}${keyText(key)}: ${literal(each, indent + 2)},\n`).join('')}${outer}}`
}

function inline(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  const members = membersOf(value)
  if (members === null) return codeOf(value) ?? String(value)
  return members.length === 0
    ? '{}'
    : `{ ${members.map(([key, each]) => `${keyText(key)}: ${inline(each)}`).join(', ')} }`
}

function membersOf(value: unknown): [string, unknown][] | null {
  return value === null || typeof value !== 'object' || codeOf(value) !== null ? null : Object.entries(value)
}

const codeOf = (value: unknown): string | null =>
  value !== null && typeof value === 'object' && 'code' in value && typeof value.code === 'string' ? value.code : null

const keyText = (key: string) => (IDENTIFIER.test(key) ? key : quoted(key))

/** Names from ClickUp end up in code: whatever is in them, it stays a text. */
const quoted = (text: string): string => {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  // What JavaScript takes for the end of a line, and JSON does not.
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
