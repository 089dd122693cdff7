import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import * as z from 'zod'
import { type Config, configSchema } from './config.ts'
import { SynthError } from './synth-error.ts'

/** The file that is read: `HOOKLINE_CONFIG` when set (tests and local runs), else `hookline.config.ts` at the root. */
const configPath = (env: Record<string, string | undefined> = process.env) =>
  env['HOOKLINE_CONFIG'] ? resolve(env['HOOKLINE_CONFIG']) : join(import.meta.dirname, '..', 'hookline.config.ts')

/**
 * Reads and checks a config file.
 * @throws SynthError with one sentence, and a line, for each mistake
 */
export async function loadConfig(path: string = configPath()): Promise<Config> {
  const file = relative(process.cwd(), path)
  if (!existsSync(path)) throw new SynthError(`There is no config file at ${file}.`)
  const module: unknown = await import(pathToFileURL(path).href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new SynthError(`${file} cannot be read: ${withoutTokens(reason ?? '')}.`)
  })
  const exported = z.looseObject({ default: z.record(z.string(), z.unknown()) }).safeParse(module)
  if (!exported.success)
    throw new SynthError(`${file} must export its settings as the default: export default defineConfig({ ... }).`)
  return parseConfig(exported.data.default, file)
}

/** @throws SynthError with one sentence, and a line, for each mistake */
export function parseConfig(input: unknown, file = 'hookline.config.ts'): Config {
  const result = configSchema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  const sentences = new Map<string, string>()
  for (const issue of result.error.issues) {
    const at = pathText(issue.path)
    if (!sentences.has(at)) sentences.set(at, `${file}: ${sentence(issue, at || 'the config')}.`)
  }
  throw new SynthError(withoutTokens([...sentences.values()].join('\n')))
}

/** Whatever a mistake is about: a token that was written into the config must not go on into somebody's build log. */
const withoutTokens = (text: string) => text.replace(/\bpk_\w+/g, '[an API token]')

const TYPES: Record<string, string> = {
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function sentence(issue: z.core.$ZodIssue, at: string): string {
  if (issue.code === 'unrecognized_keys') return `${at} has no setting named ${issue.keys.join(' or ')}`
  if (issue.code === 'invalid_key') return `${at} is not a key that AWS takes for a tag`
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${at} is missing`
  // The schema's own messages begin with "must"; only what it leaves to zod, a wrong type, is worded here.
  const demand = issue.message.startsWith('must')
    ? issue.message
    : `must be ${issue.code === 'invalid_type' ? (TYPES[issue.expected] ?? issue.expected) : 'something else'}`
  return issue.code === 'custom' ? `${at} ${demand}` : `${at} ${demand}, but is ${shown(issue.input)}`
}

/** `connections[1].name`, as one would write it. */
const pathText = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  )

function shown(value: unknown): string {
  // One line for anything that JavaScript can hold: JSON knows no NaN, no bigint and no circle.
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { compact: true, breakLength: Infinity, depth: 2 })
  if (/\bpk_/.test(text)) return 'what looks like an API token, which belongs into its secret'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
