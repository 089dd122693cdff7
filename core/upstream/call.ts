import type { Exchange } from './exchange.ts'
import type { Answer } from './fault.ts'
import type { Lane } from './lane.ts'
import type { Provider } from './provider.ts'
import type { Report, Told } from './rates.ts'

/** One request that was sent, as it ended: what operators want to know of it, and nothing that is secret. */
export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  lane: Lane
  outcome: Answer<unknown>['kind']
  /** Of HTTP; null where no answer came. */
  status: number | null
  /** The provider's own code of a refusal; null where it gave none. */
  code: string | null
  /** From sending to the whole answer. */
  ms: number
  /** What its headers said of the window that has least left; null where they said nothing. */
  remaining: number | null
  limit: number | null
  /** Headers about the rate that were missing or could not be right. */
  ignoredHeaders: number
  /** Whether it was the one call by which an open breaker, or a refused token, is tried. */
  probe: boolean
}

/** What an exchange and what was made of it come to. */
export function callOf(
  sent: Exchange,
  { outcome, told }: { outcome: Call['outcome']; told: Told },
  provider: Provider,
): Pick<Call, 'outcome' | 'status' | 'code' | 'remaining' | 'limit' | 'ignoredHeaders'> {
  const scarcest = told.reports.reduce<Report | null>(
    (least, report) => (least === null || shareOf(report) < shareOf(least) ? report : least),
    null,
  )
  const isRefusal = sent.kind === 'answered' && (sent.status < 200 || sent.status >= 300)
  return {
    outcome,
    status: sent.kind === 'answered' ? sent.status : null,
    code: isRefusal ? provider.codeOf(sent.text) : null,
    remaining: scarcest?.remaining ?? null,
    limit: scarcest?.limit ?? null,
    ignoredHeaders: told.ignored,
  }
}

const shareOf = ({ remaining, limit }: Report) => remaining / limit
