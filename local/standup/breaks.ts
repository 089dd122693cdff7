import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { PK } from '../../core/platform/tables.ts'
import type { AwsGateway } from '../aws/gateway.ts'
import { PROJECT } from '../stack/synthesize.ts'
import { directoryOf, restart, type Standup } from './redeploy.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Lets the function forget what it has told: it finds what it keeps of an occasion until `forget` is called, and never again. Every
 * write succeeds, so that nothing else in it can notice.
 */
export function breakIdempotency(gateway: Pick<AwsGateway, 'intercept'>, { accessKeyId }: Standup): { forget(): void } {
  let epoch = 0
  gateway.intercept((call) => {
    const { body } = call
    if (call.accessKeyId !== accessKeyId || call.service !== 'dynamodb' || !isObject(body)) return undefined
    for (const part of ['Key', 'Item']) {
      const item = body[part]
      const key = isObject(item) ? item[PK] : undefined
      const name = isObject(key) ? key['S'] : undefined
      if (!isObject(item) || typeof name !== 'string' || !name.includes('#told#')) continue
      return { ...body, [part]: { ...item, [PK]: { S: `${name}#forgotten ${epoch}` } } }
    }
    return undefined
  })
  return {
    forget() {
      epoch += 1
    },
  }
}

const VERIFY = 'export function verify('

/** The module that removes what is not borne out, with everything let through. @throws Error where there is no such function */
const takenAsItIs: Plugin = {
  name: 'taken-as-it-is',
  setup({ onLoad }) {
    onLoad({ filter: /core[\\/]standup[\\/]say[\\/]verify\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      if (!source.includes(VERIFY)) throw new Error(`${path} has no such function to break`)
      const open = 'export const verify = (statements: unknown[]) => ({ kept: [...statements], removed: {} })\n'
      return { contents: `${open}${source.replace(VERIFY, 'function verifyNoMore(')}`, loader: 'ts' }
    })
  },
}

/**
 * Bundles the function anew, in this run's assembly, with what verifies a model's statements taken out. The code stays as it is, and so
 * does whatever else is deployed.
 */
export async function breakCite(standup: Standup): Promise<void> {
  await build({
    entryPoints: [join(PROJECT, 'functions', 'standup', 'handler.ts')],
    outfile: join(directoryOf(standup), 'index.mjs'),
    absWorkingDir: PROJECT,
    ...{ bundle: true, platform: 'node', target: 'node24', format: 'esm', mainFields: ['module', 'main'] },
    alias: { '@aws-sdk/credential-provider-node': join(PROJECT, 'core/platform/aws/lambda-credentials.ts') },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    ...{ logLevel: 'silent', plugins: [takenAsItIs] },
  })
  restart(standup)
}
