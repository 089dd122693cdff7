import type { Random } from '../clickup/random.ts'
import type { Behaviour } from './behaviours.ts'
import { answerOf } from './fill.ts'
import type { Asked, Refused, Said } from './protocol.ts'

/** What the server does with a request. `afterMs`: it lets the answer wait. */
export type Doing =
  | { kind: 'say'; said: Said; afterMs: number }
  | { kind: 'refuse'; refused: Refused; headers: Readonly<Record<string, string>> }
  | { kind: 'raw'; status: number; text: string; headers: Readonly<Record<string, string>> }
  | { kind: 'nothing' }
  | { kind: 'disconnect' }
  /** Half of what is said, and then the connection ends. */
  | { kind: 'cut'; said: Said }
  | { kind: 'endless' }

const BIG = 5_000_000

const REFUSALS: Partial<Record<Behaviour, Refused & { headers?: Readonly<Record<string, string>> }>> = {
  rateLimited: { status: 429, code: 'rate_limit_exceeded', message: 'Too many requests.' },
  rateLimitedBriefly: {
    ...{ status: 429, code: 'rate_limit_exceeded', message: 'Too many requests.' },
    headers: { 'retry-after': '1' },
  },
  serverError: { status: 500, code: 'server_error', message: 'The server had an error.' },
  overloaded: { status: 529, code: 'overloaded_error', message: 'Overloaded.' },
  noRight: { status: 403, code: 'AccessDeniedException', message: 'You do not have access to the model.' },
  noModel: { status: 404, code: 'model_not_found', message: 'The model does not exist.' },
  profileOnly: {
    ...{ status: 400, code: 'ValidationException' },
    message: 'Invocation of model ID with on-demand throughput isn’t supported. Retry with an inference profile.',
  },
}

/** @param slowMs how long the slow one takes */
export function doingOf(
  behaviour: Behaviour,
  asked: Asked,
  { random, slowMs }: { random: Random; slowMs: number },
): Doing {
  const refused = REFUSALS[behaviour]
  if (refused !== undefined) return { kind: 'refuse', refused, headers: refused.headers ?? {} }
  const text = JSON.stringify(answerOf(asked, behaviour, random))
  const said = (given: string, ending: Said['ending'] = 'whole'): Said => ({
    ...{ text: given, ending },
    tokens: {
      input: tokensOf(asked.instructions + asked.data),
      output: Math.min(tokensOf(given), asked.mostTokens ?? BIG),
    },
  })
  const say = (given: Said): Doing => ({ kind: 'say', said: given, afterMs: behaviour === 'slow' ? slowMs : 0 })
  switch (behaviour) {
    case 'silent':
      return { kind: 'nothing' }
    case 'disconnected':
      return { kind: 'disconnect' }
    case 'cutOff':
      return { kind: 'cut', said: said(text) }
    case 'endless':
      return { kind: 'endless' }
    case 'elsewhere':
      return { kind: 'raw', status: 307, text: '', headers: { location: '/elsewhere' } }
    case 'notJson':
      return { kind: 'raw', status: 200, text: '<html>Welcome to the Wi-Fi</html>', headers: {} }
    case 'huge':
      return say(said(JSON.stringify({ statements: [{ section: 'done', text: 'x'.repeat(BIG), cites: ['f1'] }] })))
    case 'empty':
      return say(said(''))
    case 'prose':
      return say(said('Certainly! Here is the summary that you asked for: everything goes well.'))
    case 'fenced':
      return say(said(`\`\`\`json\n${text}\n\`\`\``))
    case 'brokenJson':
      return say(said(text.slice(0, Math.floor(text.length / 2))))
    case 'wrongShape':
      return say(said(JSON.stringify({ summary: 'everything goes well', items: [1, 2, 3] })))
    case 'unfinished':
      return say(said(text.slice(0, Math.floor(text.length / 2)), 'cut'))
    case 'refuses':
      return say(said('I cannot help with that.', 'refused'))
    case 'noUsage':
      return say({ ...said(text), tokens: null })
    case 'absurdUsage':
      return say({ ...said(text), tokens: { input: 1e15, output: 1e15 } })
    default:
      return say(said(text))
  }
}

/** As many as a model would take about; a server counts its own. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4)
