import type { ModelRequest } from '../model/server.ts'
import { PRICE } from './config.ts'

/** What questions have cost, by what the server told of them, in US$. */
export function costOf(requests: readonly ModelRequest[]): { input: number; output: number; usd: number } {
  const input = requests.reduce((sum, { tokens }) => sum + (tokens?.input ?? 0), 0)
  const output = requests.reduce((sum, { tokens }) => sum + (tokens?.output ?? 0), 0)
  return { input, output, usd: (input * PRICE.input + output * PRICE.output) / 1_000_000 }
}
