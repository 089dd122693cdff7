/** What a command knows of the world that it was called in. */
export type Io = {
  /** Standard output: the answer, and nothing else. */
  write(text: string): void
  /** One line on standard error, for what the answer itself does not say. */
  note(line: string): void
  /** The terminal's width, undefined where nobody looks at a terminal: then nothing is cut. */
  columns: number | undefined
  colours: boolean
  /** Milliseconds since 1970, UTC. */
  now(): number
  cwd: string
}

/** The process's own. A reader that goes away, as `head` does, ends the command quietly. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }
  const { stdout, env } = process
  return {
    write: (text) => void stdout.write(text),
    note: (line) => void process.stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns || 80 : undefined,
    // https://no-color.org: set and not empty.
    colours: stdout.isTTY && !env['NO_COLOR'],
    now: () => Date.now(),
    cwd: process.cwd(),
  }
}
