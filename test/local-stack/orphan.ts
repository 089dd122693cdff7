/** Starts a process for the function in the given directory, tells its id, and waits to be killed. */
import { startProcess } from '../../local/stack/lambda/function-process.ts'

const [directory = ''] = process.argv.slice(2)
const definition = {
  logicalId: 'F',
  path: 'F',
  name: 'f',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  directory,
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  timeoutSeconds: 3,
  memoryMb: 128,
  roleArn: '',
  logGroup: '',
  logFormat: 'Text' as const,
  environment: {},
  reservedConcurrency: undefined,
  deadLetterArn: undefined,
  description: '',
  recursiveLoop: 'Terminate' as const,
}
const ignore = () => undefined
const started = startProcess(definition, {}, { ready: tell, initFailed: ignore, gone: ignore, line: ignore })

function tell() {
  process.stdout.write(`${started.pid}\n`)
}
