import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { bedrockResources } from '../../core/standup/model/bedrock.ts'
import { AwsError, type AwsGateway } from '../aws/gateway.ts'

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html wants this right, as InvokeModel does. */
const ACTION = 'bedrock:InvokeModel'
const PATH = /^\/model\/([^/]+)\/converse$/

export type BedrockDoor = {
  url: string
  /** Who judges; before that nobody is let in. */
  guardedBy(gateway: Pick<AwsGateway, 'authoriseBedrock' | 'region' | 'account'>): void
  close(): Promise<void>
}

/** Stands before the server that plays Bedrock and lets in whoever may ask that model, as his role says. */
export async function openBedrockDoor(modelUrl: string): Promise<BedrockDoor> {
  let guard: Parameters<BedrockDoor['guardedBy']>[0] | null = null

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const [, id] = PATH.exec(request.url ?? '') ?? []
    try {
      if (guard === null || id === undefined) throw new AwsError('UnknownOperationException', 'There is no such call.')
      const { region, account } = guard
      // A profile asks for the model in one region of its geography; here in the one that asks.
      const resources = bedrockResources(decodeURIComponent(id), { partition: 'aws', region, account })
      guard.authoriseBedrock(
        request.headers.authorization,
        ACTION,
        resources.map((arn) => arn.replace('bedrock:*:', `bedrock:${region}:`)),
      )
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': error.code })
      response.end(JSON.stringify({ message: error.message }))
      return
    }
    const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' }
    const answer = await fetch(`${modelUrl}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }

  const server = http.createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    guardedBy(gateway) {
      guard = gateway
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
