import { expect, test } from 'vitest';
import { home, inside, login } from './way';

test('a way back inside is followed, with its filters', () => {
	for (const path of ['/wall', '/incidents?status=open&sector=banking', '/sectors/banking'])
		expect(inside(path)).toBe(path);
});

test('a way to another site, or back to the door, is not followed', () => {
	for (const path of [
		'//evil.test',
		'/\\evil.test',
		'\\/evil.test',
		'https://evil.test',
		'javascript:alert(1)',
		'/\t/evil.test',
		'/..//evil.test',
		'/a\\b',
		'/login',
		'/logout',
		'/login/x',
		'/api/v1/sources',
		'wall',
		'',
		null,
		undefined,
		7
	])
		expect(inside(path)).toBeNull();
});

test('each role has its first screen, and the sign-in remembers the way', () => {
	expect([home('wall'), home('executive'), home('analyst')]).toEqual(['/wall', '/posture', '/wall']);
	expect([login('/'), login('/incidents?q=a b')]).toEqual(['/login', '/login?next=%2Fincidents%3Fq%3Da%20b']);
});
