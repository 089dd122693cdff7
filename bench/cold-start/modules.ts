import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { FunctionName } from '../bundles/budgets.ts'

const ROOT = join(import.meta.dirname, '..', '..')
export const handlerOf = (name: FunctionName) => join(ROOT, 'functions', name, 'handler.ts')

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*'(@aws-sdk\/[\w-]+)'/gm

/** What a function's own code imports of the SDK, types left out: by package, the names. */
function importsOf(name: FunctionName): Map<string, Set<string>> {
  const { metafile } = buildSync({
    ...{ entryPoints: [handlerOf(name)], absWorkingDir: ROOT, bundle: true, platform: 'node', format: 'esm' },
    ...{ packages: 'external', write: false, metafile: true, logLevel: 'silent', outfile: 'index.mjs' },
  })
  const imports = new Map<string, Set<string>>()
  for (const input of Object.keys(metafile.inputs)) {
    for (const [, names = '', from = ''] of readFileSync(join(ROOT, input), 'utf8').matchAll(IMPORT)) {
      const values = names.split(',').map((each) => each.trim())
      const known = imports.get(from) ?? new Set()
      for (const each of values) if (each !== '' && !each.startsWith('type ')) known.add(each)
      imports.set(from, known)
    }
  }
  return imports
}

export const EMPTY = 'export const handler = async () => ({ statusCode: 200 })\n'

/** The source of a handler that imports the same of the SDK and makes the same clients, and does nothing. */
export function sdkOnly(name: FunctionName): string {
  const packages = [...importsOf(name)].filter(([, names]) => names.size > 0)
  const lines = packages.map(
    ([from, names]) => `import { ${[...names].join(', ')} } from ${JSON.stringify(join(ROOT, 'node_modules', from))}`,
  )
  const all = packages.flatMap(([, names]) => [...names])
  const clients = all.filter((each) => each.endsWith('Client') && !each.endsWith('DocumentClient'))
  const made = clients.map((each) => `new ${each}({})`)
  return `${lines.join('\n')}\nexport const used = [${all.join(', ')}]\nexport const clients = [${made.join(', ')}]\n${EMPTY}`
}

/** Like the verifier, with nothing but the SDK: reads the secret and sends the body, as its first invocation does. */
export const SAME_CALLS = `
import { GetSecretValueCommand, SecretsManagerClient } from ${JSON.stringify(join(ROOT, 'node_modules/@aws-sdk/client-secrets-manager'))}
import { SendMessageCommand, SQSClient } from ${JSON.stringify(join(ROOT, 'node_modules/@aws-sdk/client-sqs'))}
const secrets = new SecretsManagerClient({})
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false })
// At the start, as the verifier does.
const secret = secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_NAME }))
export const handler = async ({ body }) => {
  await secret
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.DELIVERIES_QUEUE_URL, MessageBody: body }))
  return { statusCode: 200 }
}
`
