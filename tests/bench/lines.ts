import { fill, type Fields } from '../../src/exercise/record';
import * as organisation from '../../src/exercise/organisation';
import { Random } from '../../src/exercise/random';
import { SOURCES } from '../../src/exercise/source';

/** Lines as they go over the wire: one buffer, and where each line begins (with the end of the last one). */
export type Lines = { bytes: Buffer; starts: Uint32Array; rows: number };

/** Sources of the exercise in proportion to what they report. */
const WHO = SOURCES.flatMap((s) => Array.from({ length: Math.max(1, Math.round(s.share)) }, () => s));

/**
 * IntelMQ lines of about 400 bytes, each one different: the types, sectors, provinces, severities and texts of the
 * exercise, evenly over the `span` seconds before `until` (epoch seconds). None is broken, late or sent twice.
 */
export function make(rows: number, { seed, until, span }: { seed: number; until: number; span: number }): Lines {
	const random = new Random(seed, 'bench');
	const parts: Buffer[] = [];
	const starts = new Uint32Array(rows + 1);
	let text = '';
	let bytes = 0;
	for (let i = 0; i < rows; i++) {
		const at = until - span * (1 - (i + random.next()) / rows);
		const line = one(random, at, seed, i);
		text += line;
		starts[i + 1] = starts[i]! + Buffer.byteLength(line);
		if (text.length > 1 << 20 || i === rows - 1) {
			parts.push(Buffer.from(text));
			bytes += parts.at(-1)!.length;
			text = '';
		}
	}
	return { bytes: Buffer.concat(parts, bytes), starts, rows };
}

function one(random: Random, at: number, seed: number, serial: number): string {
	const source = random.of(WHO);
	const type = source.types.draw(random);
	const sector = random.chance(source.unattributed) ? undefined : source.sectors.draw(random);
	const fields: Fields = {
		'time.source': iso(at),
		'time.observation': iso(at + 0.5),
		'feed.name': source.name,
		'feed.provider': 'Bench',
		'classification.type': type,
		'classification.identifier': `${seed.toString(36)}-${serial.toString(36)}`
	};
	fill(fields, type, random, organisation.of(random, sector));
	if (sector !== undefined) fields['extra.sector'] = sector;
	if (!random.chance(source.unlocated)) fields['extra.province'] = source.provinces.draw(random);
	if (source.severities) fields['extra.severity'] = source.severities.draw(random);
	return `${JSON.stringify(fields)}\n`;
}

/** Lines `from` to `to` (not included). */
export const slice = ({ bytes, starts }: Lines, from: number, to: number): Buffer =>
	bytes.subarray(starts[from], starts[to]);

const iso = (at: number): string => new Date(at * 1000).toISOString();
