import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startProcess } from '../../local/stack/lambda/function-process.ts'
import { peakOf } from './peak.ts'

const MEMORY_MB = 512

/** The most memory that a process takes of a function that does nothing, once it was invoked. @throws Error if it does not start */
export async function emptyHandlerBytes(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-empty-'))
  try {
    writeFileSync(join(directory, 'index.mjs'), 'export const handler = async () => null\n')
    const { promise: isReady, resolve, reject } = Promise.withResolvers<void>()
    const definition = {
      ...{
        logicalId: 'Empty',
        path: 'Empty',
        name: 'empty',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:empty',
      },
      ...{ directory, handler: 'index.handler', runtime: 'nodejs24.x', timeoutSeconds: 10, memoryMb: MEMORY_MB },
      ...{
        roleArn: '',
        logGroup: 'empty',
        logFormat: 'JSON' as const,
        environment: {},
        reservedConcurrency: undefined,
      },
      ...{ deadLetterArn: undefined, description: '', recursiveLoop: 'Terminate' as const },
    }
    const one = startProcess(
      definition,
      { _HANDLER: 'index.handler', PATH: dirname(process.execPath) },
      {
        ready: resolve,
        initFailed: () => reject(new Error('An empty handler did not start')),
        gone: () => undefined,
        line: () => undefined,
      },
    )
    await isReady
    await one.run({
      ...{ id: '1', event: 'null', deadline: Date.now() + 10_000 },
      context: {
        ...{ functionName: 'empty', invokedFunctionArn: definition.arn, memoryLimitInMB: String(MEMORY_MB) },
        ...{ logGroupName: 'empty', logStreamName: 'empty' },
      },
    })
    const bytes = peakOf(one.pid)
    await one.kill()
    if (bytes === null) throw new Error('This machine does not tell how much memory a process takes: it needs /proc.')
    return bytes
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
