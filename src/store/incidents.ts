/**
 * Told of what a connection survived by itself and an operator may want to know: the embedded database was opened again, a vacuum
 * failed, a connection to the server broke. The error's message says what happened, its cause why.
 */
export type OnIncident = (incident: Error) => void
