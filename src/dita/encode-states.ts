import type { ReferenceState } from './reference.ts'

/** How the references of an asset stand, in their order, in the form in which it is stored: most are `ok`. */
export function encodeStates(states: readonly ReferenceState[]): string {
  return states.join(' ')
}

/** Reads back what {@link encodeStates} made. An empty text stands for references that nothing is known about. */
export function decodeStates(encoded: string): ReferenceState[] {
  return encoded === '' ? [] : encoded.split(' ')
}
