import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { of, open, roles, SCREENS } from './screens';

const routes = join(import.meta.dirname, '../../../routes');

describe('the screens', () => {
	it('are all there', () => {
		for (const { href } of SCREENS) expect(existsSync(join(routes, href, '+page.svelte')), href).toBe(true);
	});
	it('are offered to whoever may open them, and to nobody else', () => {
		expect(open('admin')).toEqual(SCREENS);
		expect(open('executive').map((s) => s.href)).not.toContain('/observations');
		for (const screen of open('wall')) expect(roles(screen.right)).toContain('wall');
	});
	it('know the addresses below them', () => {
		expect(of('/sectors/banking')?.name).toBe('Sectors');
		expect(of('/sectorsx')).toBeUndefined();
		expect(of('/')).toBeUndefined();
	});
});
