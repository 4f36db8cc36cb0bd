import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guess, KINDS, normalise, type Kind } from './observable';

/** Kinds in which what defangs elsewhere is part of the value. */
const VERBATIM: Kind[] = ['file-name', 'mutex', 'process', 'user-agent', 'user-account', 'wallet', 'pattern', 'other'];

describe('a value has one form', () => {
	it.each<[Kind, string, string, Kind?]>([
		['ipv4-addr', ' 198.51.100[.]7 ', '198.51.100.7'],
		['ipv4-addr', '198.51.100.7/32', '198.51.100.7'],
		['ipv4-addr', '198.51.100.77/24', '198.51.100.0/24'],
		['ipv4-addr', '0.0.0.0/0', '0.0.0.0/0'],
		['ipv4-addr', '255.255.255.255/1', '128.0.0.0/1'],
		['ipv4-addr', '::ffff:198.51.100.7', '198.51.100.7'],
		['ipv4-addr', '2001:DB8:0:0:0:0:0:1', '2001:db8::1', 'ipv6-addr'],
		['ipv4-addr', '１９８。５１．100｡7', '198.51.100.7'],
		['domain-name', 'ｅｖｉｌ．example', 'evil.example'],
		['domain-name', '１９８.51.100.7', '198.51.100.7', 'ipv4-addr'],
		['ipv6-addr', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
		['ipv6-addr', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
		['ipv6-addr', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
		['ipv6-addr', '::', '::'],
		['ipv6-addr', '1::', '1::'],
		['ipv6-addr', '2001:db8:ffff:ffff::1/33', '2001:db8:8000::/33'],
		['ipv6-addr', '2001:db8::1/128', '2001:db8::1'],
		['domain-name', '*.Evil.EXAMPLE.', 'evil.example'],
		['domain-name', 'evil(dot)example', 'evil.example'],
		['domain-name', 'bücher.example', 'xn--bcher-kva.example'],
		['domain-name', '_dmarc.evil.example', '_dmarc.evil.example'],
		['domain-name', '198.51.100.7', '198.51.100.7', 'ipv4-addr'],
		['url', 'hxxps[://]evil[.]example:443/A?b=C#d', 'https://evil.example/A?b=C#d'],
		['url', 'HXXP://Evil.example', 'http://evil.example/'],
		['url', 'evil.example/gate.php', 'http://evil.example/gate.php'],
		['url', 'evil.example:8080', 'http://evil.example:8080/'],
		['url', 'evil.example?x', 'http://evil.example/?x'],
		['url', '[2001:db8::1]:80', 'http://[2001:db8::1]/'],
		['url', '198.51.100.7/24', 'http://198.51.100.7/24'],
		['url', 'Evil[.]example', 'evil.example', 'domain-name'],
		['url', '198.51.100.7', '198.51.100.7', 'ipv4-addr'],
		['url', '2001:db8::1', '2001:db8::1', 'ipv6-addr'],
		['url', 'http://evil.example./x', 'http://evil.example/x'],
		['url', 'http://*.evil.example/x', 'http://evil.example/x'],
		['url', 'http://u:p@evil.example.:81/x', 'http://u:p@evil.example:81/x'],
		['url', 'http://[::ffff:198.51.100.7]/', 'http://198.51.100.7/'],
		['url', 'http://[2001:DB8:0:0::1]:81/', 'http://[2001:db8::1]:81/'],
		['url', 'http://0xC6336407/', 'http://198.51.100.7/'],
		['url', 'http://198.51.100.0:080/', 'http://198.51.100.0/'],
		['url', 'tcp://Evil.EXAMPLE.:443', 'tcp://evil.example:443'],
		['url', 'http://localhost/x', 'http://localhost/x'],
		['url', 'http://1.evil.example/01.02', 'http://1.evil.example/01.02'],
		['email-addr', 'Mailto:A.B@Evil[.]example', 'a.b@evil.example'],
		['email-addr', 'a[at]evil.example', 'a@evil.example'],
		['md5', 'D41D8CD98F00B204E9800998ECF8427E', 'd41d8cd98f00b204e9800998ecf8427e'],
		['md5', 'a'.repeat(64), 'a'.repeat(64), 'sha-256'],
		['imphash', 'A'.repeat(32), 'a'.repeat(32)],
		['registry-key', 'hklm\\Software\\Evil', 'HKEY_LOCAL_MACHINE\\software\\evil'],
		['registry-key', ' hklm\\{0[.]1}\\"a" ', 'HKEY_LOCAL_MACHINE\\{0[.]1}\\"a"'],
		['mac-addr', '00-1B-44-11-3A-B7', '00:1b:44:11:3a:b7'],
		['autonomous-system', 'AS64500', '64500'],
		['vulnerability', 'cve-2024-21412', 'CVE-2024-21412'],
		['user-agent', ' Mozilla/5.0 ', 'Mozilla/5.0'],
		['other', ' a "b" ', 'a "b"'],
		...VERBATIM.map((kind): [Kind, string, string] => [kind, ' "<a[.]b(dot)c\u200b>" ', '"<a[.]b(dot)c\u200b>"'])
	])('%s %j is %j', (kind, text, value, other = kind) => expect(normalise(kind, text)).toEqual({ kind: other, value }));

	it.each<[Kind, string]>([
		['ipv4-addr', '198.51.100.256'],
		['ipv4-addr', '198.51.100.07'],
		['ipv4-addr', '198.51.100.7/33'],
		['ipv4-addr', '198.51.100.7/24/1'],
		['ipv6-addr', 'fe80::1%eth0'],
		['ipv6-addr', '::1/129'],
		['domain-name', 'localhost'],
		['domain-name', 'a b.example'],
		['domain-name', '-a.example'],
		['domain-name', 'a..example'],
		['domain-name', '1.2.3.4.5'],
		['domain-name', `${'a'.repeat(64)}.example`],
		['url', 'evil'],
		['url', 'a b.example'],
		['url', 'a b.example/x'],
		['url', 'http://010.0.0.1/'],
		['url', 'HTTP:////u:p@198.51.100.07:80/x'],
		['url', '010.0.0.1:80'],
		['url', 'http://1.2.3.%30%31/'],
		['url', 'http://1.2.3.\u00ad０1/'],
		['url', 'http://1。2。3。01/'],
		['url', 'http://01\t0.0.0.1\\x'],
		['url', 'http://030052000407/'],
		['url', 'tcp://010.0.0.1:80'],
		['url', 'http://'],
		['email-addr', 'a@localhost'],
		['email-addr', '@evil.example'],
		['md5', 'xyz'],
		['md5', ''],
		['mac-addr', '00:1b'],
		['autonomous-system', 'AS0'],
		['vulnerability', 'CVE-24-1'],
		['other', '  '],
		['other', 'x'.repeat(4001)]
	])('%s %j is none', (kind, text) => expect(normalise(kind, text)).toBeUndefined());

	it('never fails, and changes nothing the second time, whatever the text', () => {
		const odd = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 60 }),
			fc.ipV6(),
			fc.ipV4Extended(),
			fc.webUrl({ withFragments: true, withQueryParameters: true }),
			fc.emailAddress(),
			fc.domain(),
			fc.stringMatching(/^[0-9a-fA-F]{32,64}$/),
			fc.tuple(fc.ipV6(), fc.nat(130)).map(([a, n]) => `${a}/${n}`),
			fc
				.tuple(
					fc.constantFrom('http://', 'HXXP:///', 'tcp://', 'file://', '', 'https:\\/\\'),
					fc.oneof(
						fc.string({ unit: fc.constantFrom(...'0179xa.[]:@%３。\u00ad*-'), maxLength: 14 }),
						fc.ipV4Extended(),
						fc.ipV6().map((a) => `[${a}]`)
					),
					fc.constantFrom('', '.', ':80', '.:8', '/', './x', '?01.02', '#')
				)
				.map((parts) => parts.join('')),
			fc.string({
				unit: fc.constantFrom('a', '.', '[', ']', '(', ')', ':', '/', '@', 'x', '0', '\\', '%', ' ', '"'),
				maxLength: 20
			})
		);
		fc.assert(
			fc.property(odd, fc.constantFrom(...KINDS), (text, kind) => {
				const once = normalise(kind, text);
				if (once) expect(normalise(once.kind, once.value)).toEqual(once);
				const guessed = guess(text);
				if (guessed) expect(normalise(guessed.kind, guessed.value)).toEqual(guessed);
			}),
			{ numRuns: 20_000 }
		);
	});
});

it.each<[string, string, string]>([
	['198.51.100[.]7', 'ipv4-addr', '198.51.100.7'],
	['198.51.100.0/24', 'ipv4-addr', '198.51.100.0/24'],
	['198.51.100[.]7[:]8080', 'ipv4-addr', '198.51.100.7'],
	['１９８.51.100.7', 'ipv4-addr', '198.51.100.7'],
	['Evil.example:8080', 'domain-name', 'evil.example'],
	['[2001:db8::1]:80', 'ipv6-addr', '2001:db8::1'],
	['2001:db8::1:80', 'ipv6-addr', '2001:db8::1:80'],
	['evil.example:8080/x', 'url', 'http://evil.example:8080/x'],
	['a@evil.example', 'email-addr', 'a@evil.example'],
	['hxxp://a@evil.example/x', 'url', 'http://a@evil.example/x'],
	['evil.example/x', 'url', 'http://evil.example/x'],
	['evil.example', 'domain-name', 'evil.example'],
	['AS64500', 'autonomous-system', '64500'],
	['CVE-2024-21412', 'vulnerability', 'CVE-2024-21412'],
	['D41D8CD98F00B204E9800998ECF8427E', 'md5', 'd41d8cd98f00b204e9800998ecf8427e']
])('%j is looked for as %s', (text, kind, value) => expect(guess(text)).toEqual({ kind, value }));

it('a word is no value', () => expect(guess('evil')).toBeUndefined());
