import { expect, it } from 'vitest'
import { type Found, History } from './history.ts'

const found = (path: string, title: string, uuid: string, more: Partial<Found> = {}): Found => ({
  path,
  title,
  uuid,
  status: 'SUCCESS',
  processedTitle: title,
  ...more,
})

it('accepts what was answered and what may have happened', () => {
  const history = new History()
  history.put('/a', '1').succeeded('U1')
  history.put('/a', '2')
  history.put('/b', '1')
  history.put('/c', '1').succeeded('U3')
  history.remove('/c')
  expect(history.check([found('/a', '2', 'U1'), found('/c', '1', 'U3')])).toEqual([])
})

it.each<[string, (history: History) => void, Found[]]>([
  ['a lost upload', (history) => history.put('/a', '1').succeeded('U1'), []],
  [
    'an older content',
    (history) => {
      history.put('/a', '1').succeeded('U1')
      history.put('/a', '2').succeeded('U1')
    },
    [found('/a', '1', 'U1')],
  ],
  ['an invented content', (history) => history.put('/a', '1').succeeded('U1'), [found('/a', '2', 'U1')]],
  [
    'a removed asset that is back',
    (history) => {
      history.put('/a', '1').succeeded('U1')
      history.remove('/a').succeeded()
    },
    [found('/a', '1', 'U1')],
  ],
  ['another uuid in the end', (history) => history.put('/a', '1').succeeded('U1'), [found('/a', '1', 'U2')]],
  [
    'another uuid on the way',
    (history) => {
      history.put('/a', '1').succeeded('U1')
      history.put('/a', '2').succeeded('U2')
    },
    [found('/a', '1', 'U1')],
  ],
  [
    'a uuid twice',
    (history) => {
      history.put('/a', '1').succeeded('U1')
      history.put('/b', '1')
    },
    [found('/a', '1', 'U1'), found('/b', '1', 'U1')],
  ],
  ['an unfinished asset', (history) => history.put('/a', '1').succeeded('U1'), [found('/a', '1', 'U1', { status: 'PROCESSING' })]],
  ['a result of another content', (history) => history.put('/a', '1').succeeded('U1'), [found('/a', '1', 'U1', { processedTitle: '0' })]],
])('finds %s', (_what, act, end) => {
  const history = new History()
  act(history)
  expect(history.check(end)).toHaveLength(1)
})
