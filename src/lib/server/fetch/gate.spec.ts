import { describe, expect, it } from 'vitest';
import { Gate } from './gate';

const INNER = [
	['127.0.0.1', 'loopback'],
	['127.255.255.254', 'loopback'],
	['0.0.0.0', 'this host'],
	['10.0.0.1', 'private'],
	['172.31.255.255', 'private'],
	['192.168.1.1', 'private'],
	['100.64.0.1', "a carrier's own"],
	['100.100.100.200', 'metadata of Alibaba'],
	['169.254.169.254', 'metadata, link-local'],
	['168.63.129.16', 'metadata of Azure'],
	['192.0.0.192', 'metadata of Oracle'],
	['192.0.2.1', 'documentation'],
	['198.18.0.1', 'benchmarks'],
	['224.0.0.1', 'multicast'],
	['240.0.0.1', 'reserved'],
	['255.255.255.255', 'broadcast'],
	['::', 'this host'],
	['::1', 'loopback'],
	['::ffff:10.0.0.1', 'IPv4-mapped'],
	['::ffff:8.8.8.8', 'IPv4-mapped'],
	['::127.0.0.1', 'IPv4-compatible'],
	['64:ff9b::a00:1', 'NAT64'],
	['64:ff9b:1::a00:1', 'NAT64'],
	['2002:a00:1::1', '6to4 of 10.0.0.1'],
	['2001::1', 'Teredo'],
	['fe80::1', 'link-local'],
	['fec0::1', 'site-local'],
	['fd00:ec2::254', 'metadata of Amazon'],
	['ff02::1', 'multicast'],
	['2001:db8::1', 'documentation'],
	['4000::1', 'not given out'],
	['no address', 'no address']
];

describe('the gate', () => {
	const closed = new Gate(undefined, (host) => Promise.reject(new Error(`nobody should look up ${host}`)));

	it.each(INNER)('does not let anybody to %s (%s)', (address) => expect(closed.judge(address)).toBe('refused'));

	it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
		'lets to %s',
		(address) => expect(closed.judge(address)).toBe('public')
	);

	it('looks at addresses in an address without asking anybody, in every way to write them', async () => {
		for (const written of [
			'http://0x7f.1/',
			'http://2130706433/',
			'http://127.1/',
			'http://[::ffff:7f00:1]/',
			'http://127.0.0.1./'
		])
			await expect(closed.admit(new URL(written).hostname), written).rejects.toMatchObject({ code: 'refused_address' });
	});

	it('lets to what the operator has listed, and to nothing beside it', async () => {
		const gate = new Gate('10.1.0.0/16, ::1,Misp.Example.pk', (host) =>
			Promise.resolve([{ address: host === 'misp.example.pk' ? '192.168.7.7' : '10.2.0.1', family: 4 }])
		);
		expect(gate.judge('10.1.255.255')).toBe('listed');
		expect(gate.judge('::1')).toBe('listed');
		expect(gate.judge('10.2.0.1')).toBe('refused');
		expect(gate.judge('::ffff:10.1.0.1')).toBe('refused');
		await expect(gate.admit('misp.example.pk')).resolves.toMatchObject({ verdict: 'listed' });
		await expect(gate.admit('misp.example.pk.evil.example')).rejects.toMatchObject({ code: 'refused_address' });
	});

	it('refuses a name with two faces', async () => {
		const gate = new Gate(undefined, () =>
			Promise.resolve([
				{ address: '8.8.8.8', family: 4 },
				{ address: '10.0.0.1', family: 4 }
			])
		);
		await expect(gate.admit('two.example')).rejects.toMatchObject({ code: 'refused_address' });
	});

	it('does not take the name of localhost for more than its address', async () => {
		await expect(new Gate(undefined).admit('localhost')).rejects.toMatchObject({ code: 'refused_address' });
	});
});
