import { ConnectError } from '../connect.ts'
import { StackError } from '../stack/errors.ts'
import { GaveUp } from '../start/until.ts'
import type { Parsed } from './arguments.ts'

/** Plays a check from its command line to the end of the process. What stands in its way is one line for a person, and a 1. */
export async function play<Options>(
  parsed: Parsed<Options>,
  help: string,
  check: (options: Options) => Promise<number>,
): Promise<void> {
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(help)
      break
    case 'wrong':
      process.stderr.write(`${parsed.message}\n`)
      process.exitCode = 2
      break
    case 'check':
      try {
        process.exitCode = await check(parsed.options)
      } catch (error) {
        if (!(error instanceof StackError || error instanceof ConnectError || error instanceof GaveUp)) throw error
        process.stderr.write(`${error.message.replaceAll('\n', ' ')}\n`)
        process.exitCode = 1
      }
      // A delivery that is still late would keep it waiting.
      process.exit()
  }
}
