/** Why a job was given up, for people: a part of a sentence. What exactly went wrong each time is in the log. */
export function sayTries(tries: number): string {
  return `given up after ${tries} ${tries === 1 ? 'try' : 'tries'} that did not come to an end`
}
