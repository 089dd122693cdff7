import { parentPort, workerData } from 'node:worker_threads'
import { playShare, shareSchema } from './share.ts'

const shared = await playShare(shareSchema.parse(workerData), () => parentPort?.postMessage({ kind: 'run' }))
parentPort?.postMessage({ kind: 'end', shared })
