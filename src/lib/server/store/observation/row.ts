import { ofRank, type Tlp } from '$lib/core/tlp';
import type { Sql, Tx } from '../client';

export type Observation = {
	id: string;
	/** epoch seconds */
	observed: number;
	source: string;
	batch: number;
	province: string;
	sector: string;
	class: string;
	type: string;
	severity: string;
	direction: string;
	tlp: Tlp;
	/** the rule that placed it */
	rule: string;
	sourceIp: string | null;
	sourcePort: number | null;
	sourceAsn: number | null;
	destinationIp: string | null;
	destinationPort: number | null;
	fqdn: string | null;
	url: string | null;
	malware: string | null;
	summary: string | null;
	/** the record as it came, as text */
	raw: string;
};
/** `key`: the observed time as the database writes it, for a cursor. */
export type Row = Omit<Observation, 'tlp'> & { tlp: number; key: string };

/** The columns of `Row`, of `o` (observations), `f` (facets) and `s` (sources). */
export const columns = (
	sql: Sql | Tx
) => sql`o.id, extract(epoch from o.observed_at)::float8 as observed, o.observed_at::text as key, s.slug as source, o.batch_id as batch, f.province, f.sector, f.class, f.type, f.severity, f.direction, f.tlp, o.rule,
	host(o.source_ip) as "sourceIp", o.source_port as "sourcePort", o.source_asn as "sourceAsn", host(o.destination_ip) as "destinationIp", o.destination_port as "destinationPort",
	o.fqdn, o.url, o.malware, o.summary, o.raw`;

export const shape = ({ key: _, tlp, ...row }: Row): Observation => ({ ...row, tlp: ofRank(tlp) });
