/** A thread of `netkit worker`: counts what it is sent, one task after the other. The main thread is free to say that it lives. */
import { parentPort, workerData } from 'node:worker_threads'
import { answer, type ThreadSetup } from '../cluster/count-task.ts'

const { module } = workerData as ThreadSetup

parentPort!.on('message', async (task: string) => {
  const result = await answer(module, task)
  parentPort!.postMessage(result, 'bytes' in result ? [result.bytes.buffer] : [])
})
