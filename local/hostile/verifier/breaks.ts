import type { Door, Knocked } from './door.ts'

/** What is broken on purpose in front of the verifier or behind it; its own code stays as it is. */
export const VERIFIER_BREAKS = ['log', 'count', 'parse-first', 'status', 'bytes', 'size', 'square'] as const
export type VerifierBreak = (typeof VERIFIER_BREAKS)[number]

const bodyOf = (event: unknown): unknown =>
  typeof event === 'object' && event !== null && 'body' in event ? event.body : undefined

/** Takes sixteen times as long for four times the letters, as some patterns do that look behind themselves. */
function squareOf(length: number): number {
  let sum = 0
  const letters = Math.floor(length / 4)
  for (let i = 0; i < letters; i += 1) for (let j = 0; j < letters; j += 8) sum += i ^ j
  return sum
}

/** The same door with something wrong about it. */
export function broken(door: Door, what: VerifierBreak): Door {
  const knock = async (event: unknown): Promise<Knocked> => {
    switch (what) {
      case 'parse-first':
        return door.knock(event, () => {
          try {
            JSON.parse(String(bodyOf(event)))
          } catch {
            // Whoever is so careless looks at the body and goes on.
          }
        })
      case 'size':
        return door.knock(event, () => {
          if (String(bodyOf(event)).length > 1_048_576) throw new RangeError('the body is too large')
        })
      case 'square':
        return door.knock(event, () => void squareOf(String(bodyOf(event)).length))
      case 'log':
        return door.knock(event, () =>
          process.stdout.write(`${JSON.stringify({ message: 'body', body: bodyOf(event) })}\n`),
        )
      case 'count': {
        const knocked = await door.knock(event)
        return { ...knocked, lines: knocked.lines.filter((line) => !line.includes('"DeliveriesRefused"')) }
      }
      case 'status': {
        const knocked = await door.knock(event)
        const { ended } = knocked
        if (ended.kind !== 'answered' || ended.status !== 403) return knocked
        return { ...knocked, ended: { ...ended, status: 401 } }
      }
      case 'bytes': {
        const knocked = await door.knock(event)
        // As a proxy does that reads JSON and writes it anew.
        const queued = knocked.queued.map((one) => ({ ...one, body: one.body.replaceAll(/\\u0000| $/g, '') }))
        return { ...knocked, queued }
      }
    }
  }
  return { ...door, knock }
}
