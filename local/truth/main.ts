import { ConnectError } from '../connect.ts'
import { StackError } from '../stack/errors.ts'
import { GaveUp } from '../start/until.ts'
import { HELP, parseOptions } from './options.ts'
import { runCheck } from './run.ts'

const parsed = parseOptions(process.argv.slice(2))
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP)
    break
  case 'wrong':
    process.stderr.write(`${parsed.message}\n`)
    process.exitCode = 2
    break
  case 'check':
    try {
      process.exitCode = await runCheck(parsed.options, process)
    } catch (error) {
      if (!(error instanceof StackError || error instanceof ConnectError || error instanceof GaveUp)) throw error
      process.stderr.write(`${error.message.replaceAll('\n', ' ')}\n`)
      process.exitCode = 1
    }
    // A delivery that is still late would keep it waiting.
    process.exit()
}
