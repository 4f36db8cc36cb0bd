import { Random } from '../../src/exercise/random';
import { blend } from '../../src/exercise/rhythm';
import { DAY, HOUR, MINUTE } from '../../src/lib/core/clock';
import { PROVINCES } from '../../src/lib/core/province';
import { CLASSES, TEST } from '../../src/lib/core/rsit';
import { SECTORS } from '../../src/lib/core/sector';
import type { Facet } from '../../src/lib/server/store/facet';
import { Judge } from '../../src/lib/server/analysis/judge';
import { surges, type Surge } from '../../src/lib/server/analysis/surge';
import { fixed, quantile, whole, type Figure } from './figure';

/** Reports a second that are judged, and the sources that they come from, each with a TLP of its own. */
const RATE = 2000;
const SOURCES = 12;
const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;
const MINUTES = 30;
const WEEKS = 8;

/**
 * What a minute costs when each cell of 7 provinces, 15 sectors and 11 classes is seen by several sources: judging all
 * series for each clearance and finding the surges; and what learning anew costs.
 */
export async function cost(quick: boolean): Promise<Figure[]> {
	const facets = new Map<number, Facet>();
	const random = new Random(1, 'cost');
	const sectors = [...SECTORS.map((s) => s.slug), 'unattributed'].slice(0, 15);
	const classes = [...CLASSES.map((c) => c.slug).filter((c) => c !== TEST), 'unknown'];
	for (const { code: province } of PROVINCES)
		for (const sector of sectors)
			for (const cls of classes)
				for (let tlp = 1; tlp <= 3; tlp++) {
					const rest = { type: cls, severity: 'low', direction: 'inbound' } as unknown as Facet;
					const id = facets.size + 1;
					facets.set(id, { ...rest, id, province, sector, class: cls, tlp });
				}
	const judge = new Judge(facets);
	// Each cell is seen by two of the sources, at rates as unequal as they are; each source has one TLP, and now and then the next.
	const cells: { source: number; facet: number; share: number }[] = [];
	let all = 0;
	for (const f of facets.values()) {
		for (let source = 1; source <= SOURCES; source++) {
			const own = 1 + (source % 3);
			if (f.tlp !== own && !(f.tlp === own + 1 && random.chance(0.1))) continue;
			if (!random.chance(0.5)) continue;
			const share = (f.tlp === own ? 1 : 0.05) * Math.exp(6 * (random.next() - 1));
			cells.push({ source, facet: f.id, share });
			all += share;
		}
	}
	const start = NOW - (quick ? 15 * DAY : WEEKS * 7 * DAY);
	for (let hour = Math.floor(start / HOUR) * HOUR; hour < NOW; hour += HOUR)
		for (const { source, facet, share } of cells) {
			const n = random.count((RATE * HOUR * share * blend(hour, 0.5)) / all);
			if (n) judge.learn(source, hour, facet, n);
		}
	for (let at = NOW - 2 * DAY; at < NOW; at += at < NOW - 8 * HOUR ? HOUR : MINUTE) {
		const length = at < NOW - 8 * HOUR ? HOUR : MINUTE;
		for (const c of cells)
			judge.count(c.source, at, c.facet, random.count((RATE * length * c.share * blend(at, 0.5)) / all));
	}
	judge.late(1);

	const cpu = () => {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	};
	let at = cpu();
	let longest = 0;
	let fits = 0;
	for (const slices = judge.fits(NOW); ; fits++) {
		const before = cpu();
		if (slices.next().done) break;
		longest = Math.max(longest, cpu() - before);
	}
	const learning = cpu() - at;
	const minutes: number[] = [];
	const counting: number[] = [];
	let state: Surge[] = [];
	let rows = 0;
	for (let m = 1; m <= (quick ? 3 : MINUTES); m++) {
		const now = NOW + m * MINUTE;
		const counts = cells.map((c) => random.count((RATE * MINUTE * c.share * blend(now, 0.5)) / all));
		at = cpu();
		cells.forEach((c, i) => {
			if (!counts[i]) return;
			judge.learn(c.source, now - MINUTE, c.facet, counts[i]!);
			judge.count(c.source, now - MINUTE, c.facet, counts[i]!);
		});
		counting.push(cpu() - at);
		at = cpu();
		const judged = judge.judge(now);
		({ state } = surges(judge, now, undefined, state));
		minutes.push(cpu() - at);
		rows = judged.reduce((n, r) => n + r.length, 0);
	}
	const p95 = quantile(minutes, 0.95);
	const part = 'usual';
	return [
		{
			part,
			what: `judging a minute: ${whole(judge.catalogue.all.length)} series, ${cells.length} cells of ${SOURCES} sources, ${whole(rows)} rows, p95 of CPU`,
			figure: `${whole(p95)} ms`,
			budget: '1,000 ms',
			met: p95 < 1000,
			numbers: { minutes }
		},
		{
			part,
			what: 'counting a minute of 2,000 reports/s, median of CPU',
			figure: `${whole(quantile(counting, 0.5))} ms`
		},
		{
			part,
			what: `learning anew, once a day: ${whole(fits)} fits, ${fixed(learning / fits, 2)} ms each; the longest slice ${whole(longest)} ms`,
			figure: `${fixed(learning / 1000)} s`
		},
		{ part, what: 'memory of the process after it', figure: `${whole(process.memoryUsage().rss / 1e6)} MB` }
	];
}
