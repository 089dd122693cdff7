import { AwsError } from '../../../local/aws/gateway.ts'
import type { Scene } from '../support/stage.ts'

export const TABLES: Readonly<Record<string, Scene>> = {
  async TablesThrottled(stage) {
    stage.intercept((call) => {
      if (call.service === 'dynamodb' && stage.functionOf(call, 'consumer'))
        throw new AwsError('ThrottlingException', 'Rate of requests exceeds the allowed throughput')
    })
    await stage.deliver(5)
  },
}
