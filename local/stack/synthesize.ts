import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'
import { type Assembly, readAssembly } from './assembly.ts'
import { StackError } from './errors.ts'

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url))

const cdkJsonSchema = z.looseObject({ context: z.record(z.string(), z.unknown()).default({}) })

export type SynthesizeOptions = {
  /** Where the cloud assembly is written. */
  outDir: string
  /** The config file, the app's own default when absent. */
  configPath?: string
  /** Added to this process's environment for the app. */
  env?: Record<string, string>
  /** The app to run instead of the project's. */
  appFile?: string
}

/**
 * Runs the CDK app in a process of its own and reads what it wrote.
 * @throws StackError (`synthesis`) with the app's own message in one line.
 */
export async function synthesize(options: SynthesizeOptions): Promise<Assembly> {
  const app = options.appFile ?? join(PROJECT, 'infra', 'app.ts')
  if (!existsSync(app)) throw new StackError('synthesis', `The app could not be synthesized: ${app} is missing`)
  const { code, output } = await run(app, {
    ...process.env,
    ...options.env,
    CDK_OUTDIR: options.outDir,
    // The CDK CLI hands the context of cdk.json to the app in this variable; without it the template may differ from the deployed one.
    CDK_CONTEXT_JSON: JSON.stringify(contextOf(join(PROJECT, 'cdk.json'))),
    // Bundling looks for `node` and `esbuild` on the path, and the machine's own Node may be an older one.
    PATH: [dirname(process.execPath), join(PROJECT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
    ...(options.configPath && { HOOKLINE_CONFIG: options.configPath }),
  })
  if (code !== 0) throw new StackError('synthesis', `The app could not be synthesized: ${reasonIn(output)}`)
  return readAssembly(options.outDir)
}

function run(app: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [app], { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: unknown) => {
      output += String(chunk)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (cause) => {
      reject(new StackError('synthesis', `The app could not be started: ${cause.message}`, { cause }))
    })
    child.on('close', (code) => resolve({ code, output }))
  })
}

function contextOf(file: string): Record<string, unknown> {
  return existsSync(file) ? cdkJsonSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).context : {}
}

/** A thrown error as Node or CDK prints it: `Error: text`, `ConfigError: text`, `«Name» text`. */
const THROWN = /^(?:Uncaught )?(?:[A-Za-z]*Error(?: \[[^\]]*\])?: |«[^»]+» )(.+)$/
/** A report of findings may be long; its end says what came of it. */
const MOST_SENTENCES = 5
/** Lines that say nothing of the cause: where it was thrown, the bundler's progress, the runtime's version. */
const NOISE =
  /^(?:at |\.\.\.|\^|Node\.js v|npm warn|Bundling asset|⚡|file:\/\/|node:|[\w./@-]+:\d+$|Relates to|<|└|[{}])/

/** What of the app's output tells why it failed, in one line: the error it threw, else the sentences it wrote. */
export function reasonIn(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const thrown = lines.map((line) => THROWN.exec(line)?.[1]).find(Boolean)
  const said = lines.filter((line) => !NOISE.test(line)).slice(-MOST_SENTENCES)
  return thrown ?? (said.join(' ') || 'it said nothing')
}
