import { expect, it } from 'vitest';
import { document } from './openapi';

it('the contract describes campaigns, and what a person may do with them', () => {
	const of = (path: string) => Object.keys(document.paths?.[path] ?? {});
	expect(of('/api/v1/campaigns')).toEqual(['get']);
	expect(of('/api/v1/campaigns/{id}')).toEqual(['get', 'patch']);
	expect(of('/api/v1/campaigns/{id}/merge')).toEqual(['post']);
	expect(of('/api/v1/campaigns/{id}/split')).toEqual(['post']);
	// Nothing of it speaks of who is behind: it is never attributed.
	expect(Object.keys(document.components?.schemas?.CampaignSpread ?? {}).join()).not.toMatch(/country|actor|attacker/);
});
