import type { Asked, Home, Reply } from '../call.ts'
import type { WireRequest } from '../endpoint.ts'
import { AwsError, parseBody } from '../json-protocol.ts'

/** `POST /2015-03-31/functions/{name, ARN or qualified ARN}/invocations` */
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/

/** Lambda's ARN from whatever names a function; a qualifier stays, or comes from the query. */
function arnOf(home: Home, name: string, qualifier: string | null): string {
  const arn = name.startsWith('arn:') ? name : `arn:aws:lambda:${home.region}:${home.account}:function:${name}`
  return qualifier === null ? arn : `${arn}:${qualifier}`
}

/**
 * Lambda's `Invoke`, for a caller that waits. What a function throws is no error of the call: it is the answer, with a header that
 * says so.
 * @param invoke rejects with the function's error, or with `ResourceNotFoundException` when there is no such function or version
 * @returns undefined for a request that is no invocation
 */
export function invocation(
  home: Home,
  request: WireRequest,
  { authorise, invoke }: { authorise(asked: Asked): void; invoke(arn: string, payload: unknown): Promise<unknown> },
): Promise<Reply> | undefined {
  const url = new URL(request.url, 'http://127.0.0.1')
  const [, encoded] = INVOCATIONS.exec(url.pathname) ?? []
  if (encoded === undefined || request.method !== 'POST') return undefined
  const arn = arnOf(home, decodeURIComponent(encoded), url.searchParams.get('Qualifier'))

  return (async (): Promise<Reply> => {
    const payload = parseBody(request.text)
    authorise({ action: 'lambda:InvokeFunction', resources: [arn], body: payload })
    const headers = { 'content-type': 'application/json' }
    try {
      return { status: 200, headers, body: JSON.stringify(await invoke(arn, payload)) }
    } catch (thrown) {
      const [errorType, errorMessage] =
        thrown instanceof Error ? [thrown.name, thrown.message] : ['Error', String(thrown)]
      if (errorType === 'ResourceNotFoundException') throw new AwsError(errorType, errorMessage, 404)
      const body = JSON.stringify({ errorType, errorMessage })
      return { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body }
    }
  })()
}
