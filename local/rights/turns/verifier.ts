import { should, type Turn } from '../turn.ts'
import { statusDelivery } from './delivery.ts'

export const VERIFIER_TURNS: readonly Turn[] = [
  {
    name: 'a delivery is accepted',
    functions: ['verifier'],
    async play(stage) {
      // What the turns before had to put off comes back when it will.
      await stage.queues.purge(stage.urlOf('consumer'))
      const status = await stage.post(statusDelivery(stage.nextTask()))
      should(status === 200, `the verifier answered ${status}`)
      const { visible } = await stage.queues.waiting(stage.urlOf('consumer'))
      should(visible === 1, `${visible} messages are on the queue`)
      await stage.queues.purge(stage.urlOf('consumer'))
    },
  },
]
