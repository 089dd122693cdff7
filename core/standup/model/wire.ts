/** What one exchange with a provider was, told by the wire itself: no library's errors have to be understood for it. */
export type Wire = {
  /** Null where no answer came. */
  status: number | null
  /** As the header has it. */
  retryAfter: string | null
  /** Of Bedrock, which tells it in a header: `AccessDeniedException`. */
  errorType: string | null
  /** Of the answer's body, uncompressed, as far as it came. */
  bytes: number
  tooLarge: boolean
}

/** An answer of a few thousand tokens takes some ten thousand bytes. */
const MOST_BYTES = 1_000_000

export type Fetch = typeof globalThis.fetch

/** A `fetch` for one exchange, and what came of it. An answer without end is cut off; nobody is led elsewhere with a key in hand. */
export function watched(fetch: Fetch): { fetch: Fetch; wire: Wire } {
  const wire: Wire = { status: null, retryAfter: null, errorType: null, bytes: 0, tooLarge: false }
  const watchedFetch: Fetch = async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    wire.status = response.status
    wire.retryAfter = response.headers.get('retry-after')
    wire.errorType = response.headers.get('x-amzn-errortype')
    if (response.body === null) return response
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(counting(wire)), { status, statusText, headers })
  }
  return { fetch: watchedFetch, wire }
}

const counting = (wire: Wire) =>
  new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      wire.bytes += chunk.byteLength
      wire.tooLarge = wire.bytes > MOST_BYTES
      if (wire.tooLarge) controller.error(new Error('The answer is too large.'))
      else controller.enqueue(chunk)
    },
  })
