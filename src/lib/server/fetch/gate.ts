import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { Problem } from '$lib/core/error';

/**
 * Which addresses may be asked. A feed must not become a way in: what lies behind our own door (loopback, private,
 * link-local, carrier's, metadata, reserved) is refused unless the operator has listed it.
 */
export type Address = { address: string; family: 4 | 6 };
/** Names to addresses; the system's resolver, unless a test brings its own. */
export type Resolve = (host: string) => Promise<Address[]>;
/** `listed`: by the operator; `public`: by nature. */
export type Verdict = 'public' | 'listed' | 'refused';
type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Unicast by its number, and yet the host's own: Azure answers here for its machines. */
const OWN = new Set(['168.63.129.16']);
/** All of IPv6 that has been given out to the public. */
const PUBLIC6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

const system: Resolve = async (host) =>
	(await lookup(host, { all: true, verbatim: true })).map((a) => ({
		address: a.address,
		family: a.family === 6 ? 6 : 4
	}));

export class Gate {
	readonly #ranges: Range[] = [];
	readonly #names = new Set<string>();

	/** @param allowed hosts, addresses and networks (CIDR), joined by commas */
	constructor(
		allowed: string | undefined,
		readonly resolve: Resolve = system
	) {
		for (const entry of entries(allowed)) {
			const range = network(entry);
			if (range) this.#ranges.push(range);
			else this.#names.add(entry);
		}
	}

	/** Whether the operator has named this host itself; `host` as in a URL. */
	named(host: string): boolean {
		return this.#names.has(bare(host));
	}

	/** What an address is, whatever name led to it. */
	judge(address: string): Verdict {
		if (!ipaddr.isValid(address)) return 'refused';
		const ip = ipaddr.parse(address);
		if (this.#ranges.some(([net, bits]) => ip.kind() === net.kind() && ip.match(net as never, bits))) return 'listed';
		if (ip.range() !== 'unicast' || OWN.has(ip.toString())) return 'refused';
		return ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).match(PUBLIC6) ? 'public' : 'refused';
	}

	/**
	 * The addresses of a host, each of them looked at.
	 * @throws Problem `refused_address` when one of them may not be asked: a name with two faces is not trusted with either
	 */
	async admit(host: string): Promise<{ verdict: Exclude<Verdict, 'refused'>; addresses: Address[] }> {
		const name = bare(host);
		const addresses: Address[] = ipaddr.isValid(name)
			? [{ address: name, family: ipaddr.parse(name).kind() === 'ipv6' ? 6 : 4 }]
			: await this.resolve(name);
		if (!addresses.length) throw new Problem('unknown_host', 502, `The name ${name} has no address.`);
		const verdicts = addresses.map((a) => {
			const verdict = this.judge(a.address);
			return verdict === 'refused' && this.named(name) ? 'listed' : verdict;
		});
		if (verdicts.includes('refused'))
			throw new Problem(
				'refused_address',
				502,
				`${name} is an address of an inner network, which a feed may not lead to. If it is meant, list it in WATCHFLOOR_FETCH_ALLOW.`
			);
		return { verdict: verdicts.includes('listed') ? 'listed' : 'public', addresses };
	}
}

const entries = (allowed: string | undefined): string[] =>
	(allowed ?? '')
		.split(',')
		.map((e) => bare(e.trim()))
		.filter(Boolean);

function network(entry: string): Range | undefined {
	if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry) as Range;
	if (!ipaddr.isValid(entry)) return undefined;
	const ip = ipaddr.parse(entry);
	return [ip, ip.kind() === 'ipv6' ? 128 : 32];
}

/** Without brackets, without the dot at the end, in small letters. */
const bare = (host: string): string =>
	host
		.toLowerCase()
		.replace(/^\[|\]$/g, '')
		.replace(/\.$/, '');
