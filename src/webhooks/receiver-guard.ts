import type { LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { webhookPorts } from '../model/webhook-limits.ts'
import { type ResolveHost, resolveHost } from './resolve-host.ts'

/**
 * Which receivers webhooks may reach. Whoever may add a webhook could otherwise make this server post to whatever it can reach and they cannot:
 * its own machine, its network, the metadata service of its cloud. So the address decides, not the name: it is looked at when a connection
 * is opened, and that very address is connected to; what the name leads to a moment later does not matter.
 */
export interface ReceiverGuard {
  /** The URL, parsed, if webhooks may be sent there as far as that can be told without asking for its name. Throws {@link ReceiverRefusedError}. */
  parseUrl(text: string): URL
  /**
   * Why webhooks are not sent there, as the message of {@link ReceiverRefusedError}; `null`: they are. Looks the name up; one that is not known,
   * or not now, is no reason: it is looked up at each delivery.
   */
  refusalOf(text: string): Promise<string | null>
  /** For the connections to this URL: gives its addresses if all of them are allowed. */
  lookupFor(url: URL): LookupFunction
}

/** Webhooks are not sent there. `message` reads on after "The URL". */
export class ReceiverRefusedError extends Error {
  override readonly name = 'ReceiverRefusedError'
}

/** IPv4 that is not public: IANA's special-purpose registry, multicast, and the reserved rest. */
const closedNetworks: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // The metadata service of Alibaba is inside, at 100.100.100.200.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // What Azure tells its machines comes from an address that is public in the registry, yet never leaves the machine's host.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * IPv6 is public in 2000::/3 only. So loopback, link-local, unique-local and multicast are refused, and every form that holds an IPv4 address
 * (mapped, compatible, NAT64); Teredo and 6to4, which are inside, and what is for documentation, by name.
 */
const openNetwork6: [string, number] = ['2000::', 3]
const closedNetworks6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  // The metadata service of AWS over IPv6 is at fd00:ec2::254, which is unique-local.
]

/** `allowed`: addresses, networks and host names that may be reached although they are private, on any port. */
export function createReceiverGuard(allowed: readonly string[], resolve: ResolveHost = resolveHost): ReceiverGuard {
  const exempt = exceptions(allowed)
  const guard: ReceiverGuard = {
    parseUrl(text) {
      const url = parseHttpUrl(text)
      const address = literalOf(url)
      if (address !== null) refuse(url, [address])
      return url
    },
    async refusalOf(text) {
      try {
        const url = guard.parseUrl(text)
        if (literalOf(url) !== null) return null
        const addresses = await resolve(url.hostname).catch((): LookupAddress[] => [])
        refuse(url, addresses.map(addressOf))
        return null
      } catch (error) {
        if (error instanceof ReceiverRefusedError) return error.message
        throw error
      }
    },
    lookupFor: (url) => (hostname, options, callback) => {
      const found = resolve(hostname).then((addresses) => {
        refuse(url, addresses.map(addressOf))
        if (addresses[0] === undefined) throw new ReceiverRefusedError('has a host name without an address.')
        return { addresses, first: addresses[0] }
      })
      void found.then(
        ({ addresses, first }) => (options.all ? callback(null, addresses) : callback(null, first.address, first.family)),
        (error) => callback(error, ''),
      )
    },
  }

  function refuse(url: URL, addresses: readonly string[]): void {
    if (exempt.names.has(nameOf(url))) return
    const foreign = addresses.filter((address) => !contains(exempt.networks, address))
    const closed = foreign.find((address) => !isPublic(address))
    if (closed !== undefined) {
      const is = literalOf(url) === null ? `has a host name that leads to ${closed}, which` : `has the address ${closed}, which`
      throw new ReceiverRefusedError(`${is} is not a public address: name a public receiver, or allow this one (${setting}).`)
    }
    if (foreign.length > 0 && !webhookPorts.includes(portOf(url))) {
      throw new ReceiverRefusedError(`has the port ${portOf(url)}: use one of ${webhookPorts.join(', ')}, or allow its host (${setting}).`)
    }
  }
  return guard
}

const setting = 'ASSAY_WEBHOOK_PRIVATE_RECEIVERS'

function parseHttpUrl(text: string): URL {
  const isHttp = /^\s*https?:/i.test(text)
  if (isHttp && !URL.canParse(text))
    throw new ReceiverRefusedError('has no valid host or port: write it as https://hooks.example.com/assay.')
  const url = isHttp ? new URL(text) : null
  if (url === null) throw new ReceiverRefusedError('must begin with https:// or http://.')
  if (url.username !== '' || url.password !== '') {
    throw new ReceiverRefusedError('holds a credential: remove it, and let the receiver check the signature.')
  }
  return url
}

function exceptions(allowed: readonly string[]): { readonly networks: BlockList; readonly names: ReadonlySet<string> } {
  const networks = new BlockList()
  const names = new Set<string>()
  for (const entry of allowed) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address)
    if (family === 0) names.add(entry.toLowerCase())
    else networks.addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6')
  }
  return { networks, names }
}

const closed = new BlockList()
for (const [network, bits] of closedNetworks) closed.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of closedNetworks6) closed.addSubnet(network, bits, 'ipv6')
const open6 = new BlockList()
open6.addSubnet(...openNetwork6, 'ipv6')

function isPublic(address: string): boolean {
  return !contains(closed, address) && (isIP(address) === 4 || contains(open6, address))
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

const addressOf = ({ address }: LookupAddress): string => address

/** The address that stands in the URL itself, in whatever notation: the parser has made it a plain one. `null` for a name. */
function literalOf({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) === 0 ? null : address
}

/** With a dot at its end it is the same name. */
function nameOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
