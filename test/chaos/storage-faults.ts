import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseUnavailableError } from '../../src/store/database-errors.ts'
import type { SeededRandom } from '../support/seeded-random.ts'

/** What may happen to a call of a store: it is not done, or done and yet answered with an error, or late, or all sessions end meanwhile. */
export const storageFaults = ['fail', 'do and fail', 'delay', 'disconnect'] as const
export type StorageFault = (typeof storageFaults)[number]

/** Decides about each call; `null`: nothing happens to it. */
export type FaultPlan = (method: string) => StorageFault | null

const longestDelayMs = 200

/** Faults for a share of all calls, as the seed gives them. */
export function randomFaults(rate: number, random: SeededRandom): FaultPlan {
  return () => (random.chance(rate) ? random.pick(storageFaults) : null)
}

/** A store whose calls fail as planned. What a call gives may have methods too: they are calls like any other. */
export function withFaults<Store extends object>(store: Store, plan: FaultPlan, disconnect: () => Promise<void> = async () => {}): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return async (...parameters: unknown[]) => {
        const call = () => Promise.resolve(member.apply(target, parameters))
        return withMethods(await suffer(plan(name), call, disconnect), plan, disconnect)
      }
    },
  })
}

function withMethods(answer: unknown, plan: FaultPlan, disconnect: () => Promise<void>): unknown {
  const hasMethods = typeof answer === 'object' && answer !== null && Object.values(answer).some((value) => typeof value === 'function')
  return hasMethods ? withFaults(answer, plan, disconnect) : answer
}

async function suffer(fault: StorageFault | null, call: () => Promise<unknown>, disconnect: () => Promise<void>): Promise<unknown> {
  switch (fault) {
    case null:
      return call()
    case 'fail':
      throw new DatabaseUnavailableError('A planned fault: it was not done.')
    case 'do and fail':
      await call()
      throw new DatabaseUnavailableError('A planned fault: it was done.')
    case 'delay':
      await pause(Math.random() * longestDelayMs)
      return call()
    case 'disconnect': {
      const [answer] = await Promise.all([call(), disconnect()])
      return answer
    }
    default:
      return fault satisfies never
  }
}
