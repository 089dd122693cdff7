import { type Input, processInput } from './input.ts'
import { clip } from './output/text.ts'

/** What a shell calls a program that Ctrl-C has ended. */
export const INTERRUPTED = 130

/** What a command knows of the world that it was called in. */
export type Io = {
  /** Standard output: the answer, and nothing else. */
  write(text: string): void
  /** Resolves when what was written has been taken: for whoever writes more than fits into memory. */
  flushed?: () => Promise<void>
  /** One line on standard error, for what the answer itself does not say. */
  note(line: string): void
  /** The terminal's width, undefined where nobody looks at a terminal: then nothing is cut. */
  columns: number | undefined
  colours: boolean
  /** Milliseconds since 1970, UTC. */
  now(): number
  cwd: string
  /** What is asked of the operator; absent where nobody can be asked. */
  input?: Input
  /** The one line on standard error that is written over again and again; null takes it away. Absent where nobody looks. */
  progress?: (line: string | null) => void
  /** Waits so many milliseconds. */
  sleep?: (ms: number) => Promise<void>
  /** Does something when the operator ends the command by Ctrl-C, just before it ends; what it returns calls that off. */
  onInterrupt?: (act: () => void) => () => void
}

export const sleepOf = ({ sleep }: Io) => sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)))

/** The process's own. A reader that goes away, as `head` does, ends the command quietly. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }
  const { stdout, stderr, env } = process
  return {
    write: (text) => void stdout.write(text),
    flushed: () => new Promise((done) => void stdout.write('', () => done())),
    note: (line) => void process.stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns || 80 : undefined,
    // https://no-color.org: set and not empty.
    colours: stdout.isTTY && !env['NO_COLOR'],
    now: () => Date.now(),
    cwd: process.cwd(),
    input: processInput(),
    ...(stderr.isTTY
      ? { progress: (line) => void stderr.write(`\r\x1b[K${clip(line ?? '', stderr.columns - 1)}`) }
      : {}),
    onInterrupt: (act) => {
      const end = () => {
        act()
        process.exit(INTERRUPTED)
      }
      process.once('SIGINT', end)
      return () => void process.off('SIGINT', end)
    },
  }
}
