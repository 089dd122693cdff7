import { startAwsGateway } from '../../local/aws/gateway.ts'
import { startDynamo } from './dynamo.ts'

/** AWS as a function's parts meet it: services over the wire, tables in this process. `settings` are those of any client. */
export async function startAws() {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const embedded = await startDynamo()
  return {
    ...{ gateway, embedded },
    settings: { endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 },
    async close() {
      await gateway.close()
      await embedded.close()
    },
  }
}
