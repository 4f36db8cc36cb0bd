import { setImmediate as pause } from 'node:timers/promises';
import type { Special } from '$lib/core/calendar';
import { DAY, floor, HOUR } from '$lib/core/clock';
import type { Log } from '../ops/log';
import { moment, type Sql } from '../store/client';
import type { Facets } from '../store/facet';
import { after, head, reaches } from '../store/log';
import * as usual from '../store/usual';
import type { Count, Mark } from '../store/usual';
import { counted } from './follow';
import { Judge } from './judge';

/** How far back the judge counts by the minute. */
export const RECENT = 2 * DAY;

/**
 * The mark that can be followed from: what is learned from is made from the observations where there is none yet, where
 * the log does not reach back to it, or where less of the past was kept than is wanted now.
 * @param keep seconds
 */
export async function ready(sql: Sql, now: number, keep: number, log: Log): Promise<Mark> {
	const mark = await usual.mark(sql);
	if (mark && mark.from <= floor(now - keep, HOUR) + HOUR && (await reaches(sql, mark.seq))) return mark;
	const began = Date.now();
	let told = began;
	let cells = 0;
	const made = await usual.build(sql, now - keep, (at, n) => {
		cells += n;
		if (Date.now() - told < 5000) return;
		told = Date.now();
		log.info(
			{ until: new Date(at * 1000).toISOString(), cells },
			'counting the past by source, to learn what is usual'
		);
	});
	log.info({ cells, seq: made.seq, ms: Date.now() - began }, 'counted the past by source, to learn what is usual');
	return made;
}

export type Known = {
	judge: Judge;
	/** the log's number that it knows everything up to */ seq: number;
	counts: number;
};

/** A judge who knows all that is kept, as of one moment, which may lie after the mark. */
export function know(sql: Sql, facets: Facets, calendar: Special[], now: number): Promise<Known> {
	const judge = new Judge(facets.byId, calendar);
	let counts = 0;
	return moment(sql, async (tx) => {
		await tx`set local statement_timeout = 0`;
		const seq = await head(tx);
		const mark = (await usual.mark(tx))!;
		const all = async (pages: AsyncIterable<Count[]>, take: (c: Count) => void) => {
			for await (const page of pages) {
				await facets.need(page.map((c) => c[1]));
				for (const c of page) take(c);
				counts += page.length;
				await pause();
			}
		};
		const learn = ([at, facet, n, source]: Count) => judge.learn(source, floor(at, HOUR), facet, n);
		await all(usual.hours(tx), learn);
		await all(usual.minutes(tx, floor(now, HOUR) - RECENT), ([at, facet, n, source]) =>
			judge.count(source, at, facet, n)
		);
		// The hours are as of the mark, the minutes of this moment: the hours of what lies between.
		for (let at = mark.seq; at < seq;) {
			const entries = await after(tx as unknown as Sql, at, 50);
			if (!entries.length) break;
			for (const entry of entries) {
				const cells = counted(entry);
				await facets.need(cells.map((c) => c[1]));
				cells.forEach(learn);
			}
			at = entries.at(-1)!.seq;
		}
		// That it came late for whoever begins now is no news.
		judge.late(1);
		return { judge, seq, counts };
	});
}
