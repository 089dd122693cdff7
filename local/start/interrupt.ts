const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** npm passes a Ctrl-C on that the terminal has sent here already: what comes at once is the same one. */
const SAME_MS = 500

export type Interrupt = {
  /** Resolves at the first one. */
  happened: Promise<void>
  hasHappened(): boolean
}

/**
 * Listens for Ctrl-C, SIGTERM and the terminal's end, until the process is gone: the first one is the program's to obey,
 * any further one ends the process at once.
 */
export function listenForInterrupt(status: number): Interrupt {
  const { promise: happened, resolve } = Promise.withResolvers<void>()
  let at: number | undefined
  const hear = () => {
    if (at === undefined) {
      at = performance.now()
      resolve()
    } else if (performance.now() - at > SAME_MS) process.exit(status)
  }
  for (const signal of SIGNALS) process.on(signal, hear)
  return { happened, hasHappened: () => at !== undefined }
}
