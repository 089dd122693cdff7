import { sign, verifySignature } from '../../core/ingest/signature.ts'
import { createRandom, type Random } from '../../local/clickup/random.ts'
import type { Bench, BenchOptions, Figure } from '../figure.ts'
import { interleaved } from '../interleaved.ts'
import { OTHERS, type Verifier } from './others.ts'

const SIZES = [512, 4_096, 65_536, 524_288]

/** Ours takes the bytes, as they were signed. */
const OURS: Verifier = {
  name: 'Hookline',
  prepare: (text, secret) => {
    const bytes = Buffer.from(text)
    const signature = sign(bytes, secret)
    const forged = sign(bytes, `${secret}x`)
    return {
      genuine: () => verifySignature(bytes, signature, secret),
      forged: () => verifySignature(bytes, forged, secret),
    }
  },
}

/** Broken on purpose: whoever asks is let in. */
const BLIND: Verifier = { name: 'Hookline', prepare: () => ({ genuine: () => true, forged: () => true }) }

export const signature: Bench = {
  name: 'signature',
  title: 'verifying one signature, beside the verifiers of others; nothing is parsed',
  breaks: ['blind'],
  run,
}

async function run({ seed, broken, quick, note }: BenchOptions): Promise<readonly Figure[]> {
  const random = createRandom(seed)
  const figures: Figure[] = []
  let wrong = 0
  for (const size of SIZES) {
    const name = size < 1_024 ? `${size} B` : `${size / 1_024} KiB`
    note(`bodies of ${name}`)
    const { prepared, mistaken } = await preparedFor(size, broken, random)
    wrong += mistaken
    const rounds = { rounds: quick ? 21 : 301, sliceMs: 1.5 }
    const [ours = Number.NaN, ...theirs] = await interleaved(
      prepared.map(({ genuine }) => genuine),
      rounds,
    )
    const fastest = Math.min(...theirs)
    for (const [i, value] of theirs.entries()) {
      const what = OTHERS[i]?.name ?? ''
      const aim = value === fastest ? { text: '≤ 1 × the fastest', holds: ours <= value, decides: false } : null
      figures.push({ figure: `signature of ${name}`, ours, unit: 'µs', beside: { what, value }, aim })
    }
  }
  const right = { text: '0', holds: wrong === 0, decides: true }
  return [
    ...figures,
    { figure: 'wrong verdicts on genuine and forged', ours: wrong, unit: '', beside: null, aim: right },
  ]
}

/** Every verifier, ours first, with a body of its own; `mistaken`: how often one said yes to a forgery or no to what is genuine. */
export async function preparedFor(size: number, broken: string | null, random: Random) {
  const secret = random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
  const verifiers = [broken === 'blind' ? BLIND : OURS, ...OTHERS]
  const prepared = verifiers.map(({ prepare }) => prepare(bodyOf(size, random.uuid()), secret))
  let mistaken = 0
  for (const { genuine, forged } of prepared) {
    if (!(await genuine())) mistaken += 1
    if (await forged()) mistaken += 1
  }
  return { prepared, mistaken }
}

/** A delivery of about so many bytes; what is in it makes no difference to any of them. */
function bodyOf(size: number, id: string): string {
  const empty = JSON.stringify({ event: 'taskUpdated', task_id: id, note: '' })
  return JSON.stringify({ event: 'taskUpdated', task_id: id, note: 'x'.repeat(size - empty.length) })
}
