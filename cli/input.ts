import { createInterface } from 'node:readline/promises'

/** Where a command gets what it asks for. */
export type Input = {
  /** Whether somebody sits there who can answer. */
  isTerminal: boolean
  /** Asks for a line. Rejects with `Interrupted` on Ctrl-C, and at the end of the input. */
  line(question: string): Promise<string>
  /** Asks for a line that is not shown. */
  hidden(question: string): Promise<string>
  /** All of standard input, for what is piped in. */
  all(): Promise<string>
}

/** The operator has ended the command. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

const CTRL_C = '\x03'
const CTRL_D = '\x04'
const BACKSPACES = new Set(['\b', '\x7f'])

/** The process's own; questions go to standard error, so that the answer of the command stays clean. */
export const processInput = (): Input => ({
  isTerminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
  async line(question) {
    const reader = createInterface({ input: process.stdin, output: process.stderr })
    const given = new AbortController()
    try {
      const ended = new Promise<never>((_, reject) => reader.once('close', () => reject(new Interrupted())))
      ended.catch(() => undefined)
      return await Promise.race([reader.question(question, { signal: given.signal }), ended])
    } finally {
      given.abort()
      reader.close()
    }
  },
  hidden: readHidden,
  async all() {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).toString('utf8')
  },
})

/** A terminal in raw mode shows nothing of what is typed, and leaves Ctrl-C to us. */
function readHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true).setEncoding('utf8').resume()
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (settle: () => void) => {
      stdin.off('data', hear)
      stdin.setRawMode(false).pause()
      stderr.write('\n')
      settle()
    }
    // What is pasted comes at once.
    const hear = (text: string) => {
      for (const key of text) {
        if (key === CTRL_C || (key === CTRL_D && typed === '')) return end(() => reject(new Interrupted()))
        if (key === '\r' || key === '\n') return end(() => resolve(typed))
        if (BACKSPACES.has(key)) typed = typed.slice(0, -1)
        else if (key >= ' ') typed += key
      }
    }
    stdin.on('data', hear)
  })
}
